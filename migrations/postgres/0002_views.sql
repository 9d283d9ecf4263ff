-- What reports may read. Columns are added, never changed.

-- +goose Up
CREATE VIEW results_view AS
SELECT doc->>'domain' AS domain,
       doc->>'course' AS course,
       doc->>'link' AS link,
       doc->>'username' AS username,
       coalesce(doc->'override'->>'score', doc->>'score')::double precision AS score,
       (doc->>'score')::double precision AS tool_score,
       (doc->'override'->>'score')::double precision AS override_score,
       doc->'override'->>'by' AS override_by,
       (doc->>'submitted_at')::timestamptz AS submitted_at,
       (doc->>'version')::bigint AS version
FROM results;

CREATE VIEW members_view AS
SELECT m.doc->>'domain' AS domain,
       m.doc->>'course' AS course,
       m.doc->>'username' AS username,
       u.doc->>'given_name' AS given_name,
       u.doc->>'family_name' AS family_name,
       u.doc->>'email' AS email,
       m.doc->>'role' AS role,
       m.doc->>'section' AS section,
       m.doc->>'status' AS status,
       (m.doc->>'start')::timestamptz AS starts_at,
       (m.doc->>'end')::timestamptz AS ends_at,
       m.doc->>'source' AS source,
       coalesce((m.doc->>'locked')::boolean, false) AS locked,
       (m.doc->>'created')::timestamptz AS created_at
FROM memberships m
-- The parts of a key are escaped alike, so they join as they stand.
LEFT JOIN users u ON u.key = split_part(m.key, '/', 1) || '/' || split_part(m.key, '/', 3);
