CREATE TABLE "agency" (
	"id" text PRIMARY KEY NOT NULL,
	"partnership_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "arrangements" (
	"partnership_id" text NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "arrangements_partnership_id_version_pk" PRIMARY KEY("partnership_id","version")
);
--> statement-breakpoint
CREATE TABLE "chair_seen" (
	"room_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "client_lease" (
	"room_id" text NOT NULL,
	"client_id" bigint NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "client_lease_room_id_client_id_pk" PRIMARY KEY("room_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "command" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"room_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"first_seq" integer NOT NULL,
	"last_seq" integer NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cover" (
	"id" text PRIMARY KEY NOT NULL,
	"partnership_id" text NOT NULL,
	"person_id" text NOT NULL,
	"for_id" text NOT NULL,
	"agency_id" text NOT NULL,
	"role" text NOT NULL,
	"from_day" text NOT NULL,
	"until_day" text NOT NULL,
	"authorised_by" text NOT NULL,
	"ended_at" timestamp(6) with time zone
);
--> statement-breakpoint
CREATE TABLE "document_piece" (
	"room_id" text NOT NULL,
	"document_id" text NOT NULL,
	"number" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "document_piece_room_id_document_id_number_pk" PRIMARY KEY("room_id","document_id","number")
);
--> statement-breakpoint
CREATE TABLE "draft" (
	"room_id" text NOT NULL,
	"agency_id" text NOT NULL,
	"form" text NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "draft_room_id_agency_id_form_pk" PRIMARY KEY("room_id","agency_id","form")
);
--> statement-breakpoint
CREATE TABLE "due_moment" (
	"room_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"at" timestamp(6) with time zone NOT NULL,
	"command" jsonb,
	"done_at" timestamp(6) with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"again_at" timestamp(6) with time zone,
	CONSTRAINT "due_moment_room_id_kind_subject_pk" PRIMARY KEY("room_id","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "entry" (
	"room_id" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"at" text NOT NULL,
	"actor" jsonb NOT NULL,
	"command_id" text NOT NULL,
	"commitment" text NOT NULL,
	"prev" text NOT NULL,
	"hash" text NOT NULL,
	"salt" text,
	"body" jsonb,
	CONSTRAINT "entry_room_id_seq_pk" PRIMARY KEY("room_id","seq"),
	CONSTRAINT "entry_one_head" UNIQUE("room_id","prev")
);
--> statement-breakpoint
CREATE TABLE "mail" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"state" text NOT NULL,
	"carried_as" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"again_at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp(6) with time zone,
	"problem" text
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"partnership_id" text NOT NULL,
	"agency_id" text NOT NULL,
	"role" text NOT NULL,
	"since" timestamp(6) with time zone DEFAULT now() NOT NULL,
	"until" timestamp(6) with time zone
);
--> statement-breakpoint
CREATE TABLE "notes_look" (
	"room_id" text NOT NULL,
	"person_id" text NOT NULL,
	"version" bigint NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notes_look_room_id_person_id_pk" PRIMARY KEY("room_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"room_id" text NOT NULL,
	"code" text NOT NULL,
	"why" text NOT NULL,
	"need" jsonb NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	"gathered_at" timestamp(6) with time zone,
	"mail_id" text,
	"read_at" timestamp(6) with time zone,
	"mark" text,
	CONSTRAINT "notice_code_unique" UNIQUE("code"),
	CONSTRAINT "notice_mark_unique" UNIQUE("mark")
);
--> statement-breakpoint
CREATE TABLE "partnership" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"contact" jsonb NOT NULL,
	"practice" boolean DEFAULT false NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"disabled_at" timestamp(6) with time zone,
	CONSTRAINT "person_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "person_setting" (
	"person_id" text PRIMARY KEY NOT NULL,
	"mail" text DEFAULT 'each' NOT NULL,
	"announce" text DEFAULT 'summaries' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "register" (
	"room_id" text PRIMARY KEY NOT NULL,
	"partnership_id" text NOT NULL,
	"row" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "room" (
	"id" text PRIMARY KEY NOT NULL,
	"partnership_id" text NOT NULL,
	"kind" text NOT NULL,
	"case_id" text,
	"ref" text,
	"owner_id" text,
	"epoch" integer DEFAULT 1 NOT NULL,
	"head_seq" integer DEFAULT 0 NOT NULL,
	"head_hash" text NOT NULL,
	"notes_seq" bigint DEFAULT 0 NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "room_ref_unique" UNIQUE("ref")
);
--> statement-breakpoint
CREATE TABLE "room_member" (
	"room_id" text NOT NULL,
	"person_id" text NOT NULL,
	"capability" text NOT NULL,
	"since" timestamp(6) with time zone DEFAULT now() NOT NULL,
	"until" timestamp(6) with time zone,
	CONSTRAINT "room_member_room_id_person_id_pk" PRIMARY KEY("room_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "room_snapshot" (
	"room_id" text PRIMARY KEY NOT NULL,
	"up_to" bigint NOT NULL,
	"update" "bytea" NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "room_update" (
	"room_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"person_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	"updates" "bytea" NOT NULL,
	CONSTRAINT "room_update_room_id_seq_pk" PRIMARY KEY("room_id","seq")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vault_identity" (
	"room_id" text NOT NULL,
	"version" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	"person_id" text NOT NULL,
	"at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vault_identity_room_id_version_pk" PRIMARY KEY("room_id","version")
);
--> statement-breakpoint
CREATE TABLE "vault_key" (
	"room_id" text PRIMARY KEY NOT NULL,
	"master_key" text NOT NULL,
	"wrapped" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vault_mark" (
	"room_id" text NOT NULL,
	"mark" text NOT NULL,
	CONSTRAINT "vault_mark_room_id_mark_pk" PRIMARY KEY("room_id","mark")
);
--> statement-breakpoint
CREATE TABLE "work_item" (
	"room_id" text NOT NULL,
	"person_id" text NOT NULL,
	"position" integer NOT NULL,
	"need" jsonb NOT NULL,
	CONSTRAINT "work_item_room_id_person_id_position_pk" PRIMARY KEY("room_id","person_id","position")
);
--> statement-breakpoint
ALTER TABLE "agency" ADD CONSTRAINT "agency_partnership_id_partnership_id_fk" FOREIGN KEY ("partnership_id") REFERENCES "public"."partnership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "arrangements" ADD CONSTRAINT "arrangements_partnership_id_partnership_id_fk" FOREIGN KEY ("partnership_id") REFERENCES "public"."partnership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chair_seen" ADD CONSTRAINT "chair_seen_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_lease" ADD CONSTRAINT "client_lease_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover" ADD CONSTRAINT "cover_partnership_id_partnership_id_fk" FOREIGN KEY ("partnership_id") REFERENCES "public"."partnership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover" ADD CONSTRAINT "cover_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover" ADD CONSTRAINT "cover_for_id_person_id_fk" FOREIGN KEY ("for_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover" ADD CONSTRAINT "cover_agency_id_agency_id_fk" FOREIGN KEY ("agency_id") REFERENCES "public"."agency"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_piece" ADD CONSTRAINT "document_piece_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft" ADD CONSTRAINT "draft_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft" ADD CONSTRAINT "draft_agency_id_agency_id_fk" FOREIGN KEY ("agency_id") REFERENCES "public"."agency"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "due_moment" ADD CONSTRAINT "due_moment_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entry" ADD CONSTRAINT "entry_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_partnership_id_partnership_id_fk" FOREIGN KEY ("partnership_id") REFERENCES "public"."partnership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_agency_id_agency_id_fk" FOREIGN KEY ("agency_id") REFERENCES "public"."agency"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes_look" ADD CONSTRAINT "notes_look_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes_look" ADD CONSTRAINT "notes_look_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_mail_id_mail_id_fk" FOREIGN KEY ("mail_id") REFERENCES "public"."mail"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_setting" ADD CONSTRAINT "person_setting_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register" ADD CONSTRAINT "register_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register" ADD CONSTRAINT "register_partnership_id_partnership_id_fk" FOREIGN KEY ("partnership_id") REFERENCES "public"."partnership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room" ADD CONSTRAINT "room_partnership_id_partnership_id_fk" FOREIGN KEY ("partnership_id") REFERENCES "public"."partnership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_member" ADD CONSTRAINT "room_member_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_member" ADD CONSTRAINT "room_member_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_snapshot" ADD CONSTRAINT "room_snapshot_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_update" ADD CONSTRAINT "room_update_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_person_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_identity" ADD CONSTRAINT "vault_identity_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_key" ADD CONSTRAINT "vault_key_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vault_mark" ADD CONSTRAINT "vault_mark_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_item" ADD CONSTRAINT "work_item_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "client_lease_person" ON "client_lease" USING btree ("room_id","person_id");--> statement-breakpoint
CREATE INDEX "cover_person" ON "cover" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "due_moment_at" ON "due_moment" USING btree ("at");--> statement-breakpoint
CREATE INDEX "mail_state" ON "mail" USING btree ("state","again_at");--> statement-breakpoint
CREATE INDEX "mail_person" ON "mail" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "membership_person" ON "membership" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "notice_person" ON "notice" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "notice_gathered" ON "notice" USING btree ("gathered_at");--> statement-breakpoint
CREATE INDEX "room_case" ON "room" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "room_owner" ON "room" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "room_member_person" ON "room_member" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "vault_mark_mark" ON "vault_mark" USING btree ("mark");--> statement-breakpoint
CREATE INDEX "work_item_person" ON "work_item" USING btree ("person_id");