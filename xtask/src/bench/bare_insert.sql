\set n :n + 1
INSERT INTO bare (organization_id, source, reference, program_id, enrollment_id, affiliate_id,
    total_minor, subtotal_minor, currency, sale_type, customer_email, customer_name, occurred_at,
    recorded_at)
VALUES (1, 'api', 'order-' || :run || '-' || :client_id || '-' || :n, 1, 1 + :n % 50, 1 + :n % 50,
    9999, 8999, 'USD', 0, 'buyer-' || :n % 1000 || '@example.com', NULL, 1767225600000000 + :n,
    1767225600000000 + :n);
