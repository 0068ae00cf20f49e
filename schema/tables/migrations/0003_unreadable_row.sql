CREATE TABLE "unreadable_row" (
	"room_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"found_at" timestamp(6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "unreadable_row_room_id_seq_pk" PRIMARY KEY("room_id","seq")
);
--> statement-breakpoint
ALTER TABLE "unreadable_row" ADD CONSTRAINT "unreadable_row_room_id_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."room"("id") ON DELETE no action ON UPDATE no action;