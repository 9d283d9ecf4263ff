-- One table for each collection and each index of a collection. A key orders
-- bytewise. doc is the document, NULL for an empty one; raw is set beside it
-- only for a document that jsonb can't hold as it is (it contains \u0000), and
-- then is what counts. No table has a foreign key: the nouns are not the
-- engine's business.

-- +goose Up
CREATE TABLE collection_tables (
    collection text COLLATE "C" PRIMARY KEY,
    table_name text NOT NULL UNIQUE
);

CREATE TABLE domains (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE users (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE bindings (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE bindings_user (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE tool_consumers (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE tool_consumers_key (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE tools (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE courses (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE courses_tiny (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE courses_protection (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE course_maps (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE memberships (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE memberships_user (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE memberships_digest (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE launches (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE results (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE history (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE targets (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE deliveries (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE deliveries_queue (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE service_rings (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE tool_settings (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE logins (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE keysets (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE api_tokens (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE tickets (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE tickets_expires (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE secret_uses (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE audit (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);

INSERT INTO collection_tables (collection, table_name) VALUES
    ('domains', 'domains'),
    ('users', 'users'),
    ('bindings', 'bindings'),
    ('bindings.user', 'bindings_user'),
    ('tool_consumers', 'tool_consumers'),
    ('tool_consumers.key', 'tool_consumers_key'),
    ('tools', 'tools'),
    ('courses', 'courses'),
    ('courses.tiny', 'courses_tiny'),
    ('courses.protection', 'courses_protection'),
    ('course_maps', 'course_maps'),
    ('memberships', 'memberships'),
    ('memberships.user', 'memberships_user'),
    ('memberships.digest', 'memberships_digest'),
    ('launches', 'launches'),
    ('results', 'results'),
    ('history', 'history'),
    ('targets', 'targets'),
    ('deliveries', 'deliveries'),
    ('deliveries.queue', 'deliveries_queue'),
    ('service_rings', 'service_rings'),
    ('tool_settings', 'tool_settings'),
    ('logins', 'logins'),
    ('keysets', 'keysets'),
    ('api_tokens', 'api_tokens'),
    ('tickets', 'tickets'),
    ('tickets.expires', 'tickets_expires'),
    ('secret_uses', 'secret_uses'),
    ('audit', 'audit');

-- Records of collections without a table; the collection begins the key.
CREATE TABLE other_records (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);

-- Nonces that expire up to valid_after (milliseconds since 1970) are stale. The
-- row is also the lock under which tables of nonces are made and dropped.
CREATE TABLE nonce_watermark (
    id integer PRIMARY KEY CHECK (id = 1),
    valid_after bigint NOT NULL
);
INSERT INTO nonce_watermark (id, valid_after) VALUES (1, -9223372036854775808);
