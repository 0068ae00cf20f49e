/** Queries that are asked at every request: built once, and planned once by each connection of PostgreSQL. */
import type { Database } from './store.ts';

/**
 * A query that `build` makes and prepares the first time it is asked of a database. To build it takes
 * drizzle as long as PostgreSQL takes to answer it, and to plan it takes PostgreSQL longer than that.
 */
export function prepared<Query>(build: (db: Database) => Query): (db: Database) => Query {
  const built = new WeakMap<Database, Query>();
  return (db) => {
    const known = built.get(db) ?? build(db);
    built.set(db, known);
    return known;
  };
}
