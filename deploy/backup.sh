#!/usr/bin/env bash
# A backup of what cannot be made again: the database as one dump, and the files that customers and staff gave us.
#
#     DATABASE_URL=... BACKUP_DIR=/var/backups/portal deploy/backup.sh
#
# Runs while the portal works: a dump is one snapshot, whatever is charged meanwhile. Nothing has the name of a backup
# before it is whole and was read once. BACKUP_KEEP (14) says how many are kept, MEDIA_ROOT where the files are.
# PG_BIN: where pg_dump and pg_restore are, if not on the path; their version must not be older than the server's.
set -euo pipefail
umask 077

: "${DATABASE_URL:?}" "${BACKUP_DIR:?}"
keep=${BACKUP_KEEP:-14}
name=$(date -u +%Y-%m-%dT%H%M%SZ)
unfinished="$BACKUP_DIR/.unfinished-$name"
[ -z "${PG_BIN:-}" ] || PATH="$PG_BIN:$PATH"

mkdir -p "$unfinished"
trap 'rm -rf "$unfinished"' EXIT

# The database first: a file without its row does no harm, a row without its file is a file lost.
pg_dump --dbname "$DATABASE_URL" --format directory --jobs "${BACKUP_JOBS:-2}" --file "$unfinished/database"
# All of it: invoices could be made again from their rows, documents that an older system issued could not.
if [ -z "${MEDIA_ROOT:-}" ]; then
    echo "Without files: MEDIA_ROOT is not set." >&2
elif [ ! -d "$MEDIA_ROOT" ]; then
    echo "Without files: there is no $MEDIA_ROOT." >&2
else
    tar --create --file "$unfinished/files.tar" --directory "$MEDIA_ROOT" .
fi
# Read to its end, so that a disk that is full or broken is found tonight.
pg_restore --list "$unfinished/database" >"$unfinished/contents.txt"
(cd "$unfinished" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
sync "$unfinished"
mv "$unfinished" "$BACKUP_DIR/$name"
trap - EXIT
echo "Backed up: $BACKUP_DIR/$name ($(du -sh "$BACKUP_DIR/$name" | cut -f1))"

find "$BACKUP_DIR" -mindepth 1 -maxdepth 1 -type d -name '20*Z' | sort | head -n "-$keep" | while read -r old; do
    rm -rf -- "$old"
done
