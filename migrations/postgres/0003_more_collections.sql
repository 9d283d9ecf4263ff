-- Tables for what came after the first step: waiting launches, support links,
-- rosters, seen roles, merges, directories, and what paces the deliveries.

-- +goose Up
CREATE TABLE deliveries_lane (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE deliveries_batch (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE circuits (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE paces (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE passback_urls (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE passback_urls_url (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE batches (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE pending_launches (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE pending_launches_expires (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE held_launches (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE held_launches_expires (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE support_links (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE support_links_launch (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE roster_sources (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE roster_sources_next (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE roster_pages (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE member_groups (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE past_memberships (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE seen_roles (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE merges (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE merges_user (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE merge_parts (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE unlinked (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE unlinked_user (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE directories (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE directory_people (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE directory_people_email (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);
CREATE TABLE directory_people_sourcedid (key text COLLATE "C" PRIMARY KEY, doc jsonb, raw text);

INSERT INTO collection_tables (collection, table_name) VALUES
    ('deliveries.lane', 'deliveries_lane'),
    ('deliveries.batch', 'deliveries_batch'),
    ('circuits', 'circuits'),
    ('paces', 'paces'),
    ('passback_urls', 'passback_urls'),
    ('passback_urls.url', 'passback_urls_url'),
    ('batches', 'batches'),
    ('pending_launches', 'pending_launches'),
    ('pending_launches.expires', 'pending_launches_expires'),
    ('held_launches', 'held_launches'),
    ('held_launches.expires', 'held_launches_expires'),
    ('support_links', 'support_links'),
    ('support_links.launch', 'support_links_launch'),
    ('roster_sources', 'roster_sources'),
    ('roster_sources.next', 'roster_sources_next'),
    ('roster_pages', 'roster_pages'),
    ('member_groups', 'member_groups'),
    ('past_memberships', 'past_memberships'),
    ('seen_roles', 'seen_roles'),
    ('merges', 'merges'),
    ('merges.user', 'merges_user'),
    ('merge_parts', 'merge_parts'),
    ('unlinked', 'unlinked'),
    ('unlinked.user', 'unlinked_user'),
    ('directories', 'directories'),
    ('directory_people', 'directory_people'),
    ('directory_people.email', 'directory_people_email'),
    ('directory_people.sourcedid', 'directory_people_sourcedid');
