-- A sale as it is written without batches: the same rows, one statement after another, one
-- transaction a sale.
\set n :n + 1
\set enrollment 1 + :n % 50
BEGIN;
SELECT sequence + 1 AS sequence, last_conversion + 1 AS conversion FROM heads WHERE organization_id = 1 FOR UPDATE \gset
SELECT id FROM conversions WHERE organization_id = 1 AND source = 'growi/website' AND reference = 'floor-' || :run || '-' || :client_id || '-' || :n;
INSERT INTO conversions (organization_id, id, source, reference, day, sequence, facts_sequence, version, channel, sale_type, total_minor, refunded_minor, charged_back_minor, currency, occurred_at_us, recorded_at_us, words_key, enrollment_id, program_id, stage, commission_minor, commission_currency, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
    VALUES (1, :conversion, 'growi/website', 'floor-' || :run || '-' || :client_id || '-' || :n, '2026-01-01', :sequence, :sequence, :sequence, 'website', 'one_time', 9999, 0, 0, 'USD', 1767225600000000 + :n, 1767225600000000 + :n, left(encode(sha256(convert_to('buyer-' || :n % 10000 || '@example.com', 'UTF8')), 'hex'), 24), :enrollment, 1, 'payable', 500, 'USD', 9999, 0, 0, 500, 0);
INSERT INTO searched (organization_id, words_key, words, address)
    VALUES (1, left(encode(sha256(convert_to('buyer-' || :n % 10000 || '@example.com', 'UTF8')), 'hex'), 24), 'buyer-' || :n % 10000 || '@example.com', 'buyer-' || :n % 10000 || '@example.com')
    ON CONFLICT (organization_id, words_key) DO NOTHING;
INSERT INTO commissions (organization_id, conversion_id, position, enrollment_id, affiliate_id, program_id, day, level, incentive, liftable, terms_version, base_minor, full_minor, percent, amount_minor, paid_out_minor, currency, status, paid_externally)
    VALUES (1, :conversion, 1, :enrollment, :enrollment, 1, '2026-01-01', 0, 1, false, 1, 9999, 500, '5', 500, 0, 'USD', 'payable', false);
INSERT INTO transfers (organization_id, sequence, position, at_us, conversion_id, commission_position, affiliate_id, from_account, to_account, amount_minor, currency)
    VALUES (1, :sequence, 1, 1767225600000000 + :n, :conversion, 1, :enrollment, 'expense', 'payable', 500, 'USD');
INSERT INTO journal (organization_id, sequence, at_us, key_id, request_id, conversion_id, is_further, command, outcome, hash)
    VALUES (1, :sequence, 1767225600000000 + :n, 1, 'floor-' || :run || '-' || :client_id || '-' || :n, :conversion, FALSE, :command, :outcome, decode(repeat('5a', 32), 'hex'));
INSERT INTO enrollment_totals (organization_id, enrollment_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
    VALUES (1, :enrollment, '*', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0),
           (1, :enrollment, '2026-01-01', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0)
    ON CONFLICT (organization_id, enrollment_id, day, currency, stage, channel) DO UPDATE SET conversions = enrollment_totals.conversions + excluded.conversions, amount_minor = enrollment_totals.amount_minor + excluded.amount_minor, commission_minor = enrollment_totals.commission_minor + excluded.commission_minor, sold = enrollment_totals.sold + excluded.sold, base_minor = enrollment_totals.base_minor + excluded.base_minor, earned_minor = enrollment_totals.earned_minor + excluded.earned_minor, listed_amount = enrollment_totals.listed_amount + excluded.listed_amount, listed_commission = enrollment_totals.listed_commission + excluded.listed_commission;
INSERT INTO program_totals (organization_id, program_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
    VALUES (1, 1, '*', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0),
           (1, 1, '*2026-01', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0),
           (1, 1, '2026-01-01', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0)
    ON CONFLICT (organization_id, program_id, day, currency, stage, channel) DO UPDATE SET conversions = program_totals.conversions + excluded.conversions, amount_minor = program_totals.amount_minor + excluded.amount_minor, commission_minor = program_totals.commission_minor + excluded.commission_minor, sold = program_totals.sold + excluded.sold, base_minor = program_totals.base_minor + excluded.base_minor, earned_minor = program_totals.earned_minor + excluded.earned_minor, listed_amount = program_totals.listed_amount + excluded.listed_amount, listed_commission = program_totals.listed_commission + excluded.listed_commission;
INSERT INTO organization_totals (organization_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
    VALUES (1, '*', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0),
           (1, '*2026-01', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0),
           (1, '2026-01-01', 'USD', 'payable', 'website', 1, 9999, 0, 0, 500, 1, 9999, 500, 9999, 0, 0, 500, 0)
    ON CONFLICT (organization_id, day, currency, stage, channel) DO UPDATE SET conversions = organization_totals.conversions + excluded.conversions, amount_minor = organization_totals.amount_minor + excluded.amount_minor, commission_minor = organization_totals.commission_minor + excluded.commission_minor, sold = organization_totals.sold + excluded.sold, base_minor = organization_totals.base_minor + excluded.base_minor, earned_minor = organization_totals.earned_minor + excluded.earned_minor, listed_amount = organization_totals.listed_amount + excluded.listed_amount, listed_commission = organization_totals.listed_commission + excluded.listed_commission;
UPDATE heads SET sequence = :sequence, last_conversion = :conversion, hash = decode(repeat('5a', 32), 'hex') WHERE organization_id = 1;
COMMIT;
