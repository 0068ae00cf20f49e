/** What the business unit looks after, read anew for each screen. For everyone else there is no such page. */
import { error } from '@sveltejs/kit';
import { readAdministration } from '#lib/admin/read.ts';
import { unlessSignedOut } from '#lib/load.ts';
import { isRefused, isWrong } from '#lib/service.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ depends, url, untrack }) => {
  depends('candour:admin');
  const answer = await readAdministration();
  const administration = untrack(() => unlessSignedOut(answer, url));
  if (isWrong(administration)) error(404);
  if (isRefused(administration)) error(administration.refused === 'NotFound' ? 404 : 503);
  return { administration };
};
