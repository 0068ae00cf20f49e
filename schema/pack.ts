/** The notification pack: what a case holds, in the order of the national form, with each gap named. */
import { z } from 'zod';
import { sayDay, sayMoment, type Day } from './calendar.ts';
import { partnersOf, placeWords, whatHappenedWords, yesNoNotKnownWords, type CaseState } from './case.ts';
import { inOrder, sayWhen, type ChronologyState } from './chronology.ts';
import type { DecisionState } from './decision.ts';
import type { CommentsState } from './comment.ts';
import type { ChildIdentity } from './identity.ts';
import type { QuestionsState } from './question.ts';
import { sayAsked, unansweredOf } from './unanswered.ts';
import { documentKindWords, held as heldNow, type DocumentsState } from './document.ts';
import { decisionOutcomeWords } from './decision.ts';
import { findingWords } from './criteria.ts';
import { generated, sayDissent, standingDissents, type Disagreed } from './generated.ts';
import { sayUnspoken } from './position.ts';

/** One field of the form: its words, or null with what to do about the gap. */
export const packField = z.object({ label: z.string(), words: z.string().nullable(), gap: z.string().default('') });
export const packSection = z.object({ title: z.string(), fields: z.array(packField) });
export type PackField = z.infer<typeof packField>;
export type PackSection = z.infer<typeof packSection>;

type Known = Disagreed & {
  decision: DecisionState;
  questions: QuestionsState;
  comments: CommentsState;
  chronology: ChronologyState;
  documents: DocumentsState;
};

/** Which field of a child is filled from the vault, on the screen of whoever has read it for a recorded reason. */
export const fromVault: Readonly<Record<string, keyof ChildIdentity>> = {
  Name: 'name',
  'Date of birth': 'bornOn',
  'Home address': 'address',
};
const inVault =
  'Kept in the vault, apart from this pack. Read it there for a reason that is recorded, or ask social care.';
const onceSent = 'Record it here once it is sent.';
const ownSystem = 'Not held here. Take it from your own case system.';
const askPartners = 'Not held here. Ask the partners.';
const has = (label: string, words: string): PackField => ({ label, words, gap: '' });
const gap = (label: string, what: string): PackField => ({ label, words: null, gap: what });

/** What only the copy that is kept can hold. */
type Sent = { sentOn: Day; sentAt: string; reference: string };

/**
 * The pack, built from the case as it stands. The sections follow the national Child Safeguarding
 * Incident Notification System: notifier, incident, each child, household, agencies, attachments,
 * anything further. Names, dates of birth and addresses are in the vault and never in a pack, which is
 * kept in the record for ever; other numbers are nowhere here. All of these are gaps that say where to look.
 * Beside the decision stands every disagreement with it: what is sent outside tells of both.
 */
export function packOf(state: Known, sent: Sent | null = null): PackSection[] {
  const pack = [
    notifier(state, sent),
    incident(state),
    firstChild(state),
    ...otherChildren(state),
    household(),
    agencies(state),
    attachments(state),
    further(state),
  ];
  return generated(pack, state);
}

function notifier({ case: opened, decision, earlier }: Known, sent: Sent | null): PackSection {
  const signed = decision ? `${decision.by.name}, for ${decision.by.agency.name}` : null;
  const before = earlier.flatMap(({ decision }) =>
    decision
      ? [`${decisionOutcomeWords[decision.content.outcome].toLowerCase()}, signed ${sayMoment(decision.at)}`]
      : [],
  );
  return {
    title: 'Notifier',
    fields: [
      gap('Name, role, telephone and email of the notifier', 'The person who submits it enters their own.'),
      signed ? has('Decided by', signed) : gap('Decided by', 'The decision has not been signed.'),
      has('Local authority', decision?.by.agency.name ?? authorityName(opened)),
      has('Date the local authority became aware', sayDay(opened.details.awareOn)),
      has('Case code', opened.ref),
      sent ? has('Date sent', `${sayDay(sent.sentOn)}, ${sent.sentAt}`) : gap('Date sent', onceSent),
      sent
        ? has('Reference of the national system', sent.reference)
        : gap('Reference of the national system', onceSent),
      has('Decided before on the same incident', before.length === 0 ? 'No' : `Yes: ${before.join('; ')}`),
    ],
  };
}

function authorityName({ people }: CaseState): string {
  return people.find(({ agency }) => agency.kind === 'local-authority')?.agency.name ?? '';
}

function incident({ case: { details }, decision, chronology }: Known): PackSection {
  const abuse = decision?.content.answers['abuse-or-neglect'];
  return {
    title: 'Incident',
    fields: [
      details.incidentOn
        ? has('Date of the incident', sayDay(details.incidentOn))
        : gap('Date of the incident', askPartners),
      gap('Time of the incident', askPartners),
      gap('Address where it happened', ownSystem),
      has('Area where it happened', placeWords[details.incidentPlace]),
      details.incidentPlace === 'outside-england'
        ? gap('Country', askPartners)
        : has('Outside England', details.incidentPlace === 'not-known' ? 'Not known yet' : 'No'),
      has('Nature of the notification', whatHappenedWords[details.whatHappened]),
      has('What happened', details.account),
      ...chronologyField(chronology),
      abuse
        ? has('Abuse or neglect known or suspected', `${findingWords[abuse.finding]}. ${abuse.reason}`)
        : gap('Abuse or neglect known or suspected', 'The decision has not been signed.'),
      gap('Category of abuse or neglect, known or suspected', askPartners),
      gap('Suspected cause', askPartners),
      gap('A single event, or harm that built up', askPartners),
      gap('Immediate action to keep the child and others safe', askPartners),
      gap('Police investigation', 'Not held here. Ask Police.'),
      gap('Criminal, coroner or family proceedings', askPartners),
      gap('Media interest', askPartners),
    ],
  };
}

/** Left out where nobody has given a row: the national form has no such question of its own. */
function chronologyField(chronology: ChronologyState): PackField[] {
  const rows = inOrder(chronology).map(
    ({ latest }) => `${sayWhen(latest)}: ${latest.what} Source: ${latest.source} (${latest.by.agency.name}).`,
  );
  return rows.length > 0 ? [has('Chronology', rows.join('\n'))] : [];
}

function firstChild({ case: { details } }: Known): PackSection {
  return {
    title: 'Child 1',
    fields: childFields(details, {
      home: has('Where the child normally lives', placeWords[details.homePlace]),
      lookedAfter: has('Looked after', yesNoNotKnownWords[details.lookedAfter]),
      careLeaver: details.careLeaver ? [has('Care leaver', yesNoNotKnownWords[details.careLeaver])] : [],
    }),
  };
}

/** What the form asks of each child, in its order. */
function childFields(
  { initials, age }: { initials: string; age: number },
  { home, lookedAfter, careLeaver }: { home: PackField; lookedAfter: PackField; careLeaver: PackField[] },
): PackField[] {
  return [
    has('Initials', initials),
    gap('Name', inVault),
    has('Age', String(age)),
    gap('Date of birth', inVault),
    gap('Home address', inVault),
    gap('Sex', ownSystem),
    gap('Ethnicity', ownSystem),
    gap('Disability', ownSystem),
    gap('Health', 'Not held here. Ask Health.'),
    gap('First language', ownSystem),
    gap('Religion', ownSystem),
    home,
    gap('Living with, or placement', ownSystem),
    lookedAfter,
    gap('Legal status', ownSystem),
    gap('Child in need plan', ownSystem),
    gap('Child protection plan, now or before, and its category', ownSystem),
    ...careLeaver,
    gap('School, college or nursery', 'Not held here. Ask Education.'),
    gap('Agencies that know the child', askPartners),
    gap('NHS number or UPN (optional)', 'Not held here. Leave it empty unless the form needs it.'),
  ];
}

/** The form has room for four. Where a child lives and whether they were looked after was asked of the first only. */
function otherChildren({ case: { details } }: Known): PackSection[] {
  return (details.otherChildren ?? []).map(({ initials, age }, index) => ({
    title: `Child ${index + 2}`,
    fields: childFields(
      { initials, age },
      {
        home: gap('Where the child normally lives', 'Asked of child 1 only. Take it from your own case system.'),
        lookedAfter: gap('Looked after', 'Asked of child 1 only. Take it from your own case system.'),
        careLeaver: [],
      },
    ),
  }));
}

function household(): PackSection {
  return {
    title: 'Family and household',
    fields: [
      gap('Parents and carers', ownSystem),
      gap('Brothers and sisters, and their safety', ownSystem),
      gap('Other adults', ownSystem),
      gap('Other local authorities or partnerships involved', askPartners),
    ],
  };
}

function agencies({ case: opened, decision }: Known): PackSection {
  const told = opened.partnersToldAt;
  const names = partnersOf(opened).map(({ name }) => name);
  const unspoken = decision?.unspoken ?? [];
  return {
    title: 'Agencies',
    fields: [
      has('Statutory partners', names.join('\n')),
      ...(unspoken.length > 0
        ? [has('Statutory partners without a position', unspoken.map(sayUnspoken).join('\n'))]
        : []),
      told
        ? has('Partners told', sayMoment(told))
        : gap('Partners told', 'Not in the record. Tell the partners and note when.'),
      gap(
        'Contact at the partnership',
        'The business unit: its telephone and email stand at the foot of every page here.',
      ),
      has('Who told your agency', [opened.details.toldBy, opened.details.toldByDetail].filter(Boolean).join('\n')),
    ],
  };
}

/** The national system takes documents one by one: here is only which there are. */
function attachments({ documents }: Known): PackSection {
  const held = heldNow(documents).map(
    ({ name, kind, by }) => `${name} (${documentKindWords[kind]}, ${by.agency.name})`,
  );
  return {
    title: 'Attachments',
    fields:
      held.length > 0
        ? [
            has('Documents of the case', held.join('\n')),
            gap('Documents in the national system', 'Download them from this case and attach them there.'),
          ]
        : [gap('Documents', 'Not held here. Attach them in the national system.')],
  };
}

function further(state: Known): PackSection {
  const { decision } = state;
  const dissents = standingDissents(state);
  return {
    title: 'Further information',
    fields: [
      decision
        ? has(
            'Decision and written rationale',
            `${decisionOutcomeWords[decision.content.outcome]}\n${decision.content.rationale}`,
          )
        : gap('Decision and written rationale', 'The decision has not been signed.'),
      ...unansweredOf(state).map((asked) =>
        has(`Not answered yet: entry ${asked.seq}`, `${sayAsked(asked)}\n${asked.what}`),
      ),
      ...dissents.map((dissent) =>
        has(`Disagreement: ${dissent.by.agency.name}, entry ${dissent.seq}`, sayDissent(dissent, state.case)),
      ),
      ...(dissents.length === 0 ? [has('Disagreement', 'No partner has recorded disagreement that stands.')] : []),
      gap('Children beyond the fourth', 'Enter them in the national system, if there are any.'),
    ],
  };
}

/** Fields that the pack cannot fill, by section. */
export function gapsOf(pack: readonly PackSection[]): { section: string; label: string; gap: string }[] {
  return pack.flatMap(({ title, fields }) =>
    fields.filter(({ words }) => words === null).map(({ label, gap }) => ({ section: title, label, gap })),
  );
}
