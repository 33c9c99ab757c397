INSERT INTO conversions (organization_id, id, source, reference, day, sequence, facts_sequence, version, channel, sale_type, total_minor, refunded_minor, charged_back_minor, currency, occurred_at_us, recorded_at_us, words_key, enrollment_id, program_id, stage, commission_minor, commission_currency, listed_amount, listed_returned, listed_tax, listed_commission, unconverted)
{recursive}
SELECT organization, i, 'growi/website', 'order-' || i, {day}, i, i, i, 'website', 'one_time', amount, 0, 0, 'USD',
    1672531200000000 + day_number * 86400000000 + i * 104729 % 86400 * 1000000,
    1672531200000000 + day_number * 86400000000 + i * 104729 % 86400 * 1000000,
    {customer, 24}, enrollment, enrollment % {programs} + 1,
    CASE WHEN dice < 60 THEN 'paid' WHEN dice < 80 THEN 'payable' WHEN dice < 90 THEN 'pending'
         WHEN dice < 95 THEN 'due' WHEN dice < 98 THEN 'cancelled' WHEN dice < 99 THEN 'declined'
         ELSE 'refunded' END,
    amount / 20, 'USD', amount, 0, 0, amount / 20, 0
FROM (SELECT i,
        CASE WHEN i % 10 = 0 THEN 2 ELSE 1 END AS organization,
        (i - 1) * 1095 / {size} AS day_number,
        i % {customers} AS customer,
        CASE WHEN i % 100 = 1 THEN 1 ELSE 2 + i * 2654435761 % 4294967296 % ({affiliates} - 1) END AS enrollment,
        1000 + i % 9000 AS amount,
        i / 100 * 7919 % 100 AS dice
    FROM {series}) AS sale
