INSERT INTO searched (organization_id, words_key, words, address)
{recursive} SELECT CASE WHEN customer % 10 = 0 THEN 2 ELSE 1 END, {customer, 24}, 'buyer-' || {customer, 8} || '@example.com', 'buyer-' || {customer, 8} || '@example.com'
FROM (SELECT i - 1 AS customer FROM {series} WHERE i <= {customers}) AS one;
INSERT INTO enrollment_totals (organization_id, enrollment_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
SELECT organization_id, enrollment_id, day, currency, stage, channel, COUNT(*), SUM(total_minor), 0, 0, SUM(commission_minor), COUNT(*), SUM(total_minor), SUM(commission_minor), SUM(listed_amount), 0, 0, SUM(listed_commission), 0
FROM conversions GROUP BY organization_id, enrollment_id, day, currency, stage, channel;
INSERT INTO enrollment_totals (organization_id, enrollment_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
SELECT organization_id, enrollment_id, '*', currency, stage, channel, SUM(conversions), SUM(amount_minor), 0, 0, SUM(commission_minor), SUM(sold), SUM(base_minor), SUM(earned_minor), SUM(listed_amount), 0, 0, SUM(listed_commission), 0
FROM enrollment_totals GROUP BY organization_id, enrollment_id, currency, stage, channel;
INSERT INTO program_totals (organization_id, program_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
SELECT organization_id, program_id, day, currency, stage, channel, COUNT(*), SUM(total_minor), 0, 0, SUM(commission_minor), COUNT(*), SUM(total_minor), SUM(commission_minor), SUM(listed_amount), 0, 0, SUM(listed_commission), 0
FROM conversions GROUP BY organization_id, program_id, day, currency, stage, channel;
INSERT INTO program_totals (organization_id, program_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
SELECT organization_id, program_id, '*', currency, stage, channel, SUM(conversions), SUM(amount_minor), 0, 0, SUM(commission_minor), SUM(sold), SUM(base_minor), SUM(earned_minor), SUM(listed_amount), 0, 0, SUM(listed_commission), 0
FROM program_totals GROUP BY organization_id, program_id, currency, stage, channel;
INSERT INTO program_totals (organization_id, program_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
SELECT organization_id, program_id, '*' || SUBSTR(day, 1, 7), currency, stage, channel, SUM(conversions), SUM(amount_minor), 0, 0, SUM(commission_minor), SUM(sold), SUM(base_minor), SUM(earned_minor), SUM(listed_amount), 0, 0, SUM(listed_commission), 0
FROM program_totals WHERE day <> '*' GROUP BY organization_id, program_id, SUBSTR(day, 1, 7), currency, stage, channel;
INSERT INTO organization_totals (organization_id, day, currency, stage, channel, conversions, amount_minor, refunded_minor, charged_back_minor, commission_minor, sold, base_minor, earned_minor, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
SELECT organization_id, day, currency, stage, channel, SUM(conversions), SUM(amount_minor), 0, 0, SUM(commission_minor), SUM(sold), SUM(base_minor), SUM(earned_minor), SUM(listed_amount), 0, 0, SUM(listed_commission), 0
FROM program_totals GROUP BY organization_id, day, currency, stage, channel;
UPDATE heads SET last_affiliate = {affiliates}, last_enrollment = {affiliates}, last_conversion = {size} WHERE organization_id = 1;
