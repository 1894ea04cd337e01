#!/usr/bin/env bash
# A backup of deploy/backup.sh into an empty database, and its files into an empty folder.
#
#     DATABASE_URL=... [MEDIA_ROOT=...] deploy/restore.sh /var/backups/portal/2026-11-27T011500Z
#
# Stops at the first error and restores nothing in part. What to do before the portal is started on it: docs/backup.md.
set -euo pipefail

backup=${1:?Which backup?}
: "${DATABASE_URL:?}"
[ -z "${PG_BIN:-}" ] || PATH="$PG_BIN:$PATH"

(cd "$backup" && sha256sum --check --quiet SHA256SUMS)
tables=$(psql --dbname "$DATABASE_URL" --no-psqlrc --tuples-only --no-align \
    --command "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
if [ "$tables" != 0 ]; then
    echo "The database has $tables tables. Restore into an empty one." >&2
    exit 1
fi
# Triggers that keep ledgers are made last, as pg_dump writes them.
pg_restore --dbname "$DATABASE_URL" --no-owner --no-privileges --exit-on-error --jobs "${RESTORE_JOBS:-2}" "$backup/database"
psql --dbname "$DATABASE_URL" --no-psqlrc --quiet \
    --command "SET client_min_messages = error" --command ANALYZE
if [ -n "${MEDIA_ROOT:-}" ] && [ -f "$backup/files.tar" ]; then
    mkdir -p "$MEDIA_ROOT"
    tar --extract --file "$backup/files.tar" --directory "$MEDIA_ROOT" --no-same-owner
fi
echo "Restored. Before anybody is served: manage.py check_ledger, manage.py compare_with_provider."
