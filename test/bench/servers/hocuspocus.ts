/** Hocuspocus with its database extension on PostgreSQL, as its manual sets it up; its own debounce. */
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import pg from 'pg';
import { ready } from './listening.ts';

const database = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
await database.query('create table if not exists document (name text primary key, state bytea not null)');

const server = new Server({
  port: Number(process.env['PORT'] ?? 0),
  address: '127.0.0.1',
  quiet: true,
  extensions: [
    new Database({
      async fetch({ documentName }) {
        const found = await database.query<{ state: Uint8Array }>('select state from document where name = $1', [
          documentName,
        ]);
        return found.rows[0]?.state ?? null;
      },
      async store({ documentName, state }) {
        await database.query(
          `insert into document (name, state) values ($1, $2)
           on conflict (name) do update set state = excluded.state`,
          [documentName, state],
        );
      },
    }),
  ],
});
await server.listen();
ready(`http://127.0.0.1:${server.address.port}`);
