INSERT INTO affiliates (organization_id, id, name, created_at_us)
{recursive} SELECT 1, i, 'Affiliate ' || i, 1672531200000000 FROM {series};
INSERT INTO enrollments (organization_id, id, affiliate_id, program_id, tag, state, created_at_us)
{recursive} SELECT 1, i, i, i % {programs} + 1, 'tag-' || i, 'active', 1672531200000000 FROM {series};
