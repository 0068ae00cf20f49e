/** A case on which partners differ and resolution is asked for, and its session called: entered by the routes. */
import type { Role } from '#schema/agency.ts';
import type { RoomCommandInput } from '#schema/command.ts';
import { newId } from '#schema/id.ts';
import { nothingNeeded, theLead, type PositionContent } from '#schema/position.ts';
import { signInAt } from './service.ts';

type PracticePerson = { person: string; name: string; agency: { id: string } };

export async function practicePeopleAt(address: string): Promise<PracticePerson[]> {
  return ((await (await fetch(`${address}/api/practice/people`)).json()) as { people: PracticePerson[] }).people;
}

/** Posts as whoever `cookie` belongs to. @throws where it is refused. */
export async function postAt(address: string, cookie: string, path: string, data: object) {
  const reply = await fetch(`${address}/api${path}`, {
    method: 'POST',
    headers: { cookie, origin: address, 'content-type': 'application/json' },
    body: JSON.stringify(data),
  });
  if (!reply.ok) throw new Error(`${path} was answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as Record<string, string>;
}

export const commandAt = (address: string, cookie: string, room: string, command: RoomCommandInput) =>
  postAt(address, cookie, `/rooms/${room}/commands`, { id: newId(), command });

/** Its office adds somebody to the partnership, in the agency of somebody who is there already. */
export async function addTo(address: string, { name, like, role }: { name: string; like: string; role: Role }) {
  const office = await signInAt(address, 'Beth Quill');
  const agency = (await practicePeopleAt(address)).find((each) => each.name === like)?.agency.id ?? '';
  const session = (await (await fetch(`${address}/api/session`)).json()) as { service: { today: string } };
  const email = `${name.toLowerCase().replace(' ', '.')}@northbeck.example`;
  const holding = { agency, role, from: session.service.today, why: 'Joins the team.' };
  await postAt(address, office, '/admin/commands', {
    id: newId(),
    command: { type: 'AddPerson', name, email, ...holding },
  });
}

/** Social care differs from Health and Police on criterion 2, and Police has asked for resolution. */
export async function differingCaseAt(address: string): Promise<{ room: string; ref: string }> {
  const names = ['Tomas Birch', 'Amara Fenwick', 'Priya Lark'];
  const [socialCare = '', health = '', police = ''] = await Promise.all(names.map((name) => signInAt(address, name)));
  const speakers = (await practicePeopleAt(address)).filter(({ name }) => names.includes(name));
  const session = (await (await fetch(`${address}/api/session`)).json()) as { service: { today: string } };
  const details = {
    awareOn: session.service.today,
    whatHappened: 'seriously-harmed',
    account: 'A two-year-old came to hospital with a broken arm.',
    incidentPlace: 'this-area',
    homePlace: 'this-area',
    lookedAfter: 'no',
    initials: 'K.L.',
    age: 2,
    toldBy: 'Children’s ward',
    toldByDetail: '',
  };
  const takingPart = speakers.map(({ person, agency }) => ({ agency: agency.id, speaker: person }));
  const { room = '', ref = '' } = await postAt(address, health, '/cases', {
    id: newId(),
    command: { type: 'OpenCase', details, takingPart },
  });
  const finding = (harm: 'met' | 'not-met') => ({ finding: harm, reason: 'As we know it.' });
  const position = (harm: 'met' | 'not-met'): PositionContent => ({
    answers: { 'abuse-or-neglect': finding('met'), 'death-or-serious-harm': finding(harm), place: finding('met') },
    overall: { view: harm === 'met' ? 'notify' : 'do-not-notify', reason: 'From these answers.' },
    needed: nothingNeeded,
    speaker: theLead,
    reputation: { formedPart: 'no', explanation: '' },
  });
  const act = (cookie: string, command: RoomCommandInput) => commandAt(address, cookie, room, command);
  await act(health, { type: 'SubmitPosition', content: position('met') });
  await act(police, { type: 'SubmitPosition', content: position('met') });
  await act(socialCare, { type: 'SubmitPosition', content: position('not-met') });
  await act(police, { type: 'RequestResolution', question: 'Was the harm serious?', tried: ['spoke-directly'] });
  return { room, ref };
}

/** The Chair calls that case's session, with a deputy for the chair, and starts it. */
export async function runningSessionAt(
  address: string,
  { deputy }: { deputy: string },
): Promise<{ room: string; ref: string }> {
  const { room, ref } = await differingCaseAt(address);
  const people = await practicePeopleAt(address);
  const named = (wanted: string) => people.find(({ name }) => name === wanted);
  const chair = await signInAt(address, 'Joan Alder');
  const attending = ['Tomas Birch', 'Amara Fenwick', 'Priya Lark'].map((name) => ({
    agency: named(name)?.agency.id ?? '',
    speaker: named(name)?.person ?? '',
    deputy: null,
  }));
  await commandAt(address, chair, room, {
    type: 'CallSession',
    startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    meeting: 'Room 2',
    attending,
    without: [],
    deputyChair: named(deputy)?.person ?? null,
    agenda: [{ about: 'death-or-serious-harm', title: 'Criterion 2: death or serious harm' }],
    papers: [],
    groundRules: '',
    reason: '',
  });
  await commandAt(address, chair, room, { type: 'StartSession' });
  return { room, ref };
}
