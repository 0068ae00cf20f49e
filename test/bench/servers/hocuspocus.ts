/** Hocuspocus with its database extension on PostgreSQL, as its manual sets it up; its own debounce. */
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import postgres from 'postgres';
import { ready } from './listening.ts';

const sql = postgres(process.env['DATABASE_URL'] ?? '', { onnotice: () => undefined });
await sql`create table if not exists document (name text primary key, state bytea not null)`;

const server = new Server({
  port: Number(process.env['PORT'] ?? 0),
  address: '127.0.0.1',
  quiet: true,
  extensions: [
    new Database({
      async fetch({ documentName }) {
        const [row] = await sql<{ state: Uint8Array }[]>`select state from document where name = ${documentName}`;
        return row?.state ?? null;
      },
      async store({ documentName, state }) {
        await sql`insert into document (name, state) values (${documentName}, ${state})
          on conflict (name) do update set state = excluded.state`;
      },
    }),
  ],
});
await server.listen();
ready(`http://127.0.0.1:${server.address.port}`);
