/** Two minutes without the Chair: too long to wait for with each change. */
import { beforeAll, describe, test } from 'vitest';
import { hasBrowser } from '../support/browser.ts';
import { runningSessionAt } from '../support/chaired.ts';
import { accessible, press, sees } from '../support/screens.ts';
import { tellStory } from '../support/story.ts';
import { keep } from './summary.ts';

describe.skipIf(!hasBrowser())('a session whose Chair has no screen open', { timeout: 300_000 }, () => {
  const story = tellStory();
  let chaired: { ref: string; room: string };

  beforeAll(async () => {
    chaired = await runningSessionAt(story.address, { deputy: 'Wren Castle' });
  });

  test('[M26] the named deputy takes the chair after two minutes without the Chair, who takes it back on return', () =>
    keep('M26 the chair taken by the deputy, and taken back', 1, async () => {
      const deputy = await story.enter('Wren Castle');
      await deputy.page.goto(`/cases/${chaired.ref}/session`);
      await press(deputy.page, 'Join the session');
      await sees(deputy.page, 'Paused. The Chair has lost connection.');
      await deputy.page.getByRole('button', { name: 'Take the chair' }).click({ timeout: 180_000 });
      await deputy.page.getByRole('heading', { name: 'Chair', exact: true }).waitFor();
      const chair = await story.enter('Joan Alder');
      await chair.page.goto(`/cases/${chaired.ref}/session`);
      await sees(chair.page, 'Wren Castle has taken the chair.');
      await accessible(chair.page, 'the chair taken');
      await press(chair.page, 'Take back the chair');
      await chair.page.getByRole('heading', { name: 'Chair', exact: true }).waitFor();
      await deputy.page.getByRole('heading', { name: 'Chair', exact: true }).waitFor({ state: 'hidden' });
      return { done: 1, came: 'as both screens showed', good: true };
    }));
});
