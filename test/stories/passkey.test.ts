/** A person signs what they record with a passkey of theirs, and anybody sees and checks that they did. */
import type { CDPSession } from '@playwright/test';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '#schema/ledger.ts';
import { signaturesIn } from '#schema/signing.ts';
import { hasBrowser } from '../support/browser.ts';
import { Device } from '../support/device.ts';
import { todayHere } from '../support/past.ts';
import {
  accessible,
  follow,
  heading,
  looksRight,
  press,
  sees,
  visit,
  write,
  type Visitor,
} from '../support/screens.ts';
import { tellStory } from '../support/story.ts';
import { details, positionOf } from '../support/world.ts';

const device = new Device();

describe.skipIf(!hasBrowser())('[M24] somebody with a passkey', () => {
  let police: Visitor;
  let browser: CDPSession;
  let authenticatorId: string;
  let opened = { ref: '', room: '' };

  const story = tellStory({
    before: async (past) => {
      opened = await past.open({ ...details, awareOn: todayHere() });
      for (const name of ['Amara Fenwick', 'Tomas Birch', 'Priya Lark'])
        await past.act(opened.room, name, { type: 'SubmitPosition', content: positionOf('Known:') });
      await past.enrol('Priya Lark', device, 'Work laptop');
    },
  });

  beforeAll(async () => {
    // A passkey is made for a name, and an address in numbers is none.
    police = await visit(story.browser, story.address.replace('127.0.0.1', 'localhost'), 'Priya Lark');
    browser = await police.context.newCDPSession(police.page);
    await browser.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    ({ authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
      options: { ...options, isUserVerified: true },
    }));
    await browser.send('WebAuthn.addCredential', { authenticatorId, credential: device.credential });
  }, 60_000);

  test('signs a disagreement; whoever does not prove who they are signs nothing, and keeps their words', async () => {
    const { page } = police;
    await page.goto(`/cases/${opened.ref}/decision/disagree`);
    await page.getByLabel('2. Death or serious harm').check();
    await write(page, /What do you disagree with/, 'lapwing: it may last for years.');
    await press(page, 'Check and record');
    await page.getByLabel('Sign with my passkey').waitFor();
    await looksRight(page, 'a disagreement to sign');
    await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await press(page, 'Record disagreement');
    await page
      .getByRole('alert')
      .getByText(/^Your passkey did not sign, so nothing was recorded/)
      .waitFor();
    await sees(page, 'lapwing: it may last for years.');
    await accessible(page, 'a disagreement that was not signed');
    await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await press(page, 'Record disagreement');
    await page.getByRole('button', { name: 'Record disagreement' }).waitFor({ state: 'detached' });
    const { entries } = (await (await page.request.get(`/api/rooms/${opened.room}/record`)).json()) as {
      entries: Entry[];
    };
    const [signed, ...more] = entries.filter(({ type }) => type === 'DissentRecorded');
    expect(more).toEqual([]);
    expect(await signaturesIn(entries)).toEqual({ fitting: [signed?.seq], wrong: [], unchecked: [] });
  });

  test('stands signed beside the disagreement and in the history, where the signature is worked out again', async () => {
    const { page } = police;
    await page.goto(`/cases/${opened.ref}/decision`);
    await sees(page, /Priya Lark.*Signed with a passkey\. Entry/);
    await page.goto(`/cases/${opened.ref}/history`);
    await page.getByText('What was recorded: Police recorded disagreement', { exact: false }).first().click();
    await sees(page, /Signed with the passkey “Work laptop”, added/);
    await press(page, 'Check this record');
    await sees(page, /^The signature of entry \d+ was worked out again, and fits its words/);
    await accessible(page, 'a record with a signature, checked');
  });

  test('adds another, which does not sign at once, and removes it', async () => {
    const { page } = police;
    await page.goto('/account');
    await follow(page, 'Add or remove a passkey');
    await heading(page, 'Passkeys');
    await press(page, 'Add a passkey');
    await page.getByRole('alert').getByText('Enter a name for this passkey', { exact: false }).waitFor();
    await write(page, 'What will you call it?', 'Work laptop');
    await press(page, 'Add a passkey');
    await page.getByRole('alert').getByText('You have a passkey with this name', { exact: false }).waitFor();
    await write(page, 'What will you call it?', 'New phone');
    await press(page, 'Add a passkey');
    await page
      .getByRole('alert')
      .getByText(/^This device has a passkey of yours already/)
      .waitFor();
    await browser.send('WebAuthn.clearCredentials', { authenticatorId });
    await press(page, 'Add a passkey');
    await sees(page, '“New phone” is added. It will sign in 24 hours.');
    await sees(page, /It signs from/);
    await looksRight(page, 'passkeys');
    await press(page, /^Remove New phone/);
    await press(page, 'Remove New phone');
    await sees(page, '“New phone” is removed.');
    expect(await page.getByRole('heading', { level: 3 }).allTextContents()).toEqual(['Work laptop']);
    expect(police.problems).toEqual([]);
  });
});
