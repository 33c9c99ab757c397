-- A sale as it is written without batches: the same rows, one statement after another, one
-- transaction a sale.
\set n :n + 1
\set enrollment 1 + :n % 50
BEGIN;
SELECT sequence + 1 AS sequence, last_conversion + 1 AS conversion FROM heads WHERE organization_id = 1 FOR UPDATE \gset
SELECT id FROM conversions WHERE organization_id = 1 AND source = 'growi/website' AND reference = 'floor-' || :run || '-' || :client_id || '-' || :n;
INSERT INTO conversions (organization_id, id, source, reference, day, sequence, facts_sequence, version, platform, sale_type, total_minor, refunded_minor, charged_back_minor, currency, occurred_at_us, recorded_at_us, customer_email)
    VALUES (1, :conversion, 'growi/website', 'floor-' || :run || '-' || :client_id || '-' || :n, '2026-01-01', :sequence, :sequence, :sequence, 'website', 'one_time', 9999, 0, 0, 'USD', 1767225600000000 + :n, 1767225600000000 + :n, 'buyer-' || :n % 10000 || '@example.com');
INSERT INTO commissions (organization_id, conversion_id, position, enrollment_id, affiliate_id, program_id, day, level, incentive, terms_version, base_minor, full_minor, percent, amount_minor, paid_out_minor, currency, status, paid_externally)
    VALUES (1, :conversion, 1, :enrollment, :enrollment, 1, '2026-01-01', 0, 1, 1, 9999, 500, '5', 500, 0, 'USD', 'payable', false);
INSERT INTO transfers (organization_id, sequence, position, at_us, conversion_id, commission_position, affiliate_id, from_account, to_account, amount_minor, currency)
    VALUES (1, :sequence, 1, 1767225600000000 + :n, :conversion, 1, :enrollment, 'expense', 'payable', 500, 'USD');
INSERT INTO journal (organization_id, sequence, at_us, key_id, request_id, conversion_id, command, outcome, hash)
    VALUES (1, :sequence, 1767225600000000 + :n, 1, 'floor-' || :run || '-' || :client_id || '-' || :n, :conversion, :command, :outcome, decode(repeat('5a', 32), 'hex'));
INSERT INTO daily_totals (organization_id, day, program_id, currency, status, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor)
    VALUES (1, '2026-01-01', 1, 'USD', 'payable', 1, 9999, 0, 0, 500)
    ON CONFLICT (organization_id, day, program_id, currency, status) DO UPDATE SET conversions = daily_totals.conversions + 1, amount_minor = daily_totals.amount_minor + 9999, commission_minor = daily_totals.commission_minor + 500;
INSERT INTO tallies (organization_id, enrollment_id, currency, day, conversions, base_minor, earned_minor)
    VALUES (1, :enrollment, 'USD', '2026-01-01', 1, 9999, 500)
    ON CONFLICT (organization_id, enrollment_id, currency, day) DO UPDATE SET conversions = tallies.conversions + 1, base_minor = tallies.base_minor + 9999, earned_minor = tallies.earned_minor + 500;
UPDATE heads SET sequence = :sequence, last_conversion = :conversion, hash = decode(repeat('5a', 32), 'hex') WHERE organization_id = 1;
COMMIT;
