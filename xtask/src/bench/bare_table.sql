-- A row like a conversion, and nothing else: 15 columns, a unique reference, three more indexes.
CREATE TABLE bare (
    organization_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    source TEXT NOT NULL,
    reference TEXT NOT NULL,
    program_id BIGINT NOT NULL,
    enrollment_id BIGINT NOT NULL,
    affiliate_id BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    subtotal_minor BIGINT,
    currency CHAR(3) NOT NULL,
    sale_type SMALLINT NOT NULL,
    customer_email TEXT,
    customer_name TEXT,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX bare_reference ON bare (organization_id, reference);
CREATE INDEX bare_occurred_at ON bare (organization_id, occurred_at);
CREATE INDEX bare_affiliate ON bare (organization_id, affiliate_id, occurred_at);
