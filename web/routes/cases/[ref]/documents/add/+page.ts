/** Whether documents are checked for viruses here: known before the form is shown, so that nothing moves under whoever fills it in. */
import { unlessSignedOut } from '#lib/load.ts';
import { api, ask, isRefused, isWrong } from '#lib/service.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, url }) => {
  const { opened } = await parent();
  const answer = await ask(api.rooms[':room'].documents.$get({ param: { room: opened.room } }));
  const told = unlessSignedOut(answer, url);
  return { unchecked: !isRefused(told) && !isWrong(told) && !told.checksForViruses };
};
