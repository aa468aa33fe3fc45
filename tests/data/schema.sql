CREATE INDEX fabrications_of_owner ON fabrications (owner_id, created_at);
CREATE INDEX fabrications_of_project ON fabrications (project_id);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX jobs_of_machine ON jobs (machine_id, state, queued_at);
CREATE INDEX jobs_of_owner ON jobs (owner_id, created_at);
CREATE INDEX journal_of_subject ON journal (subject, seq);
CREATE INDEX open_help_calls ON help_calls (at) WHERE closed_at IS NULL;
CREATE INDEX photos_of_run ON photos (run_id);
CREATE INDEX projects_of_owner ON projects (owner_id);
CREATE INDEX runs_of_job ON runs (job_id);
CREATE INDEX runs_of_machine ON runs (machine_id, ended_at);
CREATE INDEX sessions_of_person ON sessions (person_id);
CREATE INDEX skill_decisions_of_person ON skill_decisions (person_id);
CREATE INDEX skill_notes_of_person ON skill_notes (person_id);
CREATE TABLE agent_cursors (
            machine_id TEXT PRIMARY KEY,
            spool_id TEXT NOT NULL,
            seq INTEGER NOT NULL
        ) STRICT;
CREATE TABLE api_tokens (
            id TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            created_at TEXT NOT NULL,
            revoked_at TEXT
        ) STRICT;
CREATE TABLE authorisations (
            person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            machine_id TEXT NOT NULL,
            granted_by TEXT NOT NULL REFERENCES people (id),
            granted_at TEXT NOT NULL,
            PRIMARY KEY (person_id, machine_id)
        ) STRICT;
CREATE TABLE badges (
            person_id TEXT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
            badge_hash TEXT NOT NULL UNIQUE,
            made_by TEXT NOT NULL REFERENCES people (id),
            made_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE calibrations (
            id TEXT PRIMARY KEY,
            machine_id TEXT NOT NULL,
            material_id TEXT NOT NULL,
            operation TEXT NOT NULL,
            version INTEGER NOT NULL,
            power REAL NOT NULL,
            feed_mm_min REAL NOT NULL,
            passes INTEGER NOT NULL,
            air INTEGER NOT NULL,
            line_mm REAL NOT NULL,
            least_power REAL NOT NULL,
            kerf_mm REAL,
            note TEXT NOT NULL,
            made_by TEXT NOT NULL REFERENCES people (id),
            made_at TEXT NOT NULL,
            UNIQUE (machine_id, material_id, operation, version)
        ) STRICT;
CREATE TABLE fabrications (
            id TEXT PRIMARY KEY,
            project_id TEXT NOT NULL REFERENCES projects (id),
            owner_id TEXT NOT NULL REFERENCES people (id),
            run_id TEXT NOT NULL UNIQUE REFERENCES runs (id),
            title TEXT NOT NULL,
            story TEXT NOT NULL DEFAULT '',
            outcome TEXT NOT NULL CHECK (outcome IN ('done', 'failed', 'stopped')),
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE files (
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            bytes INTEGER NOT NULL,
            media_type TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE help_calls (
            id TEXT PRIMARY KEY,
            person_id TEXT REFERENCES people (id),
            machine_id TEXT,
            at TEXT NOT NULL,
            answered_by TEXT REFERENCES people (id),
            answered_at TEXT,
            closed_at TEXT
        ) STRICT;
CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            owner_id TEXT NOT NULL REFERENCES people (id),
            machine_id TEXT NOT NULL,
            material_id TEXT,
            project_id TEXT REFERENCES projects (id),
            title TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('checking', 'refused', 'to_approve', 'queued',
                'called', 'starting', 'running', 'paused', 'interrupted', 'done', 'failed',
                'stopped')),
            reason TEXT NOT NULL DEFAULT '',
            revision INTEGER NOT NULL DEFAULT 1,
            file_name TEXT NOT NULL,
            file_sha256 TEXT NOT NULL REFERENCES files (sha256),
            options TEXT NOT NULL DEFAULT '{}',
            report TEXT,
            program_sha256 TEXT REFERENCES files (sha256),
            picture_sha256 TEXT REFERENCES files (sha256),
            approved_by TEXT REFERENCES people (id),
            queued_at TEXT,
            called_at TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            verb TEXT NOT NULL,
            subject TEXT NOT NULL,
            data TEXT NOT NULL,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE
        ) STRICT;
CREATE TABLE kiosks (
            id TEXT PRIMARY KEY,
            machine_id TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            made_by TEXT NOT NULL REFERENCES people (id),
            made_at TEXT NOT NULL,
            revoked_at TEXT
        ) STRICT;
CREATE TABLE line_meanings (
            person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            writer TEXT NOT NULL,
            group_key TEXT NOT NULL,
            operation TEXT NOT NULL,
            said_at TEXT NOT NULL,
            PRIMARY KEY (person_id, writer, group_key)
        ) STRICT;
CREATE TABLE machine_conditions (
            machine_id TEXT PRIMARY KEY,
            needs_clearing INTEGER NOT NULL DEFAULT 0 CHECK (needs_clearing IN (0, 1)),
            is_out_of_service INTEGER NOT NULL DEFAULT 0 CHECK (is_out_of_service IN (0, 1)),
            reason TEXT NOT NULL DEFAULT '',
            updated_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE passphrases (
            person_id TEXT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
            passphrase_hash TEXT NOT NULL,
            set_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE people (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN ('trainee', 'trainer', 'manager', 'admin')),
            language TEXT NOT NULL DEFAULT 'fr',
            pin_hash TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
            created_at TEXT NOT NULL
        , text_size TEXT NOT NULL DEFAULT 'normal'
            CHECK (text_size IN ('normal', 'large', 'very_large')), contrast TEXT NOT NULL DEFAULT 'normal'
            CHECK (contrast IN ('normal', 'strong')), colours TEXT NOT NULL DEFAULT 'device'
            CHECK (colours IN ('device', 'light', 'dark')), welcomed_at TEXT, pin_digits INTEGER CHECK (pin_digits BETWEEN 4 AND 12)) STRICT;
CREATE TABLE photos (
            id TEXT PRIMARY KEY,
            run_id TEXT NOT NULL REFERENCES runs (id),
            moment TEXT NOT NULL CHECK (moment IN ('start', 'progress', 'end', 'person')),
            sha256 TEXT NOT NULL REFERENCES files (sha256),
            taken_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE projects (
            id TEXT PRIMARY KEY,
            owner_id TEXT NOT NULL REFERENCES people (id),
            title TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE recovery_codes (
            person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            code_hash TEXT NOT NULL,
            PRIMARY KEY (person_id, code_hash)
        ) STRICT;
CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            job_id TEXT NOT NULL REFERENCES jobs (id),
            machine_id TEXT NOT NULL,
            started_by TEXT NOT NULL REFERENCES people (id),
            program_sha256 TEXT NOT NULL REFERENCES files (sha256),
            asked_at TEXT NOT NULL,
            started_at TEXT,
            ended_at TEXT,
            outcome TEXT CHECK (outcome IN ('done', 'failed', 'stopped')),
            reason TEXT NOT NULL DEFAULT '',
            elapsed_s REAL NOT NULL DEFAULT 0,
            lines_done INTEGER NOT NULL DEFAULT 0
        , estimated_s REAL NOT NULL DEFAULT 0) STRICT;
CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            form_key TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL
        , seen_at TEXT NOT NULL DEFAULT '', kiosk_id TEXT REFERENCES kiosks (id) ON DELETE CASCADE) STRICT;
CREATE TABLE signin_guards (
            subject TEXT PRIMARY KEY,
            failures INTEGER NOT NULL,
            last_at TEXT NOT NULL,
            is_blocked INTEGER NOT NULL DEFAULT 0 CHECK (is_blocked IN (0, 1))
        ) STRICT;
CREATE TABLE skill_decisions (
            id TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id),
            skill TEXT NOT NULL,
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
            verdict TEXT NOT NULL CHECK (verdict IN ('validated', 'missing')),
            text TEXT NOT NULL,
            evidence TEXT NOT NULL,
            framework TEXT NOT NULL,
            decided_by TEXT NOT NULL REFERENCES people (id),
            decided_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE skill_notes (
            id TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id),
            what TEXT NOT NULL,
            score REAL,
            text TEXT NOT NULL,
            noted_by TEXT NOT NULL REFERENCES people (id),
            noted_at TEXT NOT NULL
        ) STRICT;
CREATE TABLE skill_proposals (
            person_id TEXT NOT NULL REFERENCES people (id),
            skill TEXT NOT NULL,
            level INTEGER NOT NULL,
            evidence TEXT NOT NULL,
            proposed_at TEXT NOT NULL,
            answered_at TEXT,
            PRIMARY KEY (person_id, skill, level)
        ) STRICT;
CREATE TABLE totp (
            person_id TEXT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
            secret TEXT NOT NULL,
            confirmed_at TEXT,
            last_step INTEGER NOT NULL
        ) STRICT;
CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
