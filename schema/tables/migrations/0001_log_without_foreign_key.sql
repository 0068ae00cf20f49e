ALTER TABLE "room_update" DROP CONSTRAINT "room_update_room_id_room_id_fk";
