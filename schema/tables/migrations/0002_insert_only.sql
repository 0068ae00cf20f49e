-- What has been recorded, and what has been typed, is added to and never changed (T14, T17). The one
-- thing that may become of an entry is that its body is destroyed, with the salt without which
-- nobody can guess it: the header stays, and the chain verifies.
CREATE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are added, never changed or taken out', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER room_update_insert_only BEFORE UPDATE OR DELETE ON "room_update"
  FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
--> statement-breakpoint
CREATE TRIGGER entry_stays BEFORE DELETE ON "entry"
  FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
--> statement-breakpoint
CREATE TRIGGER entry_insert_only BEFORE UPDATE ON "entry"
  FOR EACH ROW WHEN (
    NEW.body IS NOT NULL OR NEW.salt IS NOT NULL
    OR (NEW.room_id, NEW.seq, NEW.type, NEW.at, NEW.actor, NEW.command_id, NEW.commitment, NEW.prev, NEW.hash)
      IS DISTINCT FROM
      (OLD.room_id, OLD.seq, OLD.type, OLD.at, OLD.actor, OLD.command_id, OLD.commitment, OLD.prev, OLD.hash)
  ) EXECUTE FUNCTION insert_only();
