/** The notification pack: what a case holds, in the order of the national form, with each gap named. */
import { z } from 'zod';
import { sayDay, sayMoment } from './calendar.ts';
import { partnersOf, placeWords, whatHappenedWords, yesNoNotKnownWords, type CaseState } from './case.ts';
import { inOrder, sayWhen, type ChronologyState } from './chronology.ts';
import type { DecisionState } from './decision.ts';
import { documentKindWords, held as heldNow, type DocumentsState } from './document.ts';
import { decisionOutcomeWords } from './decision.ts';
import { findingWords } from './criteria.ts';
import { generated, sayDissent, standingDissents, type Disagreed } from './generated.ts';

/** One field of the form: its words, or null with what to do about the gap. */
export const packField = z.object({ label: z.string(), words: z.string().nullable(), gap: z.string().default('') });
export const packSection = z.object({ title: z.string(), fields: z.array(packField) });
export type PackField = z.infer<typeof packField>;
export type PackSection = z.infer<typeof packSection>;

type Known = Disagreed & {
  decision: DecisionState;
  chronology: ChronologyState;
  documents: DocumentsState;
};

const ownSystem = 'Not held here. Take it from your own case system.';
const askPartners = 'Not held here. Ask the partners.';
const has = (label: string, words: string): PackField => ({ label, words, gap: '' });
const gap = (label: string, what: string): PackField => ({ label, words: null, gap: what });

/**
 * The pack, built from the case as it stands. The sections follow the national Child Safeguarding
 * Incident Notification System: notifier, incident, each child, household, agencies, attachments,
 * anything further. Names, addresses and numbers are not held in the case, so they are gaps here.
 * Beside the decision stands every disagreement with it: what is sent outside tells of both.
 */
export function packOf(state: Known): PackSection[] {
  const pack = [
    notifier(state),
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

function notifier({ case: opened, decision, earlier }: Known): PackSection {
  const signed = decision ? `${decision.by.name}, for ${decision.by.agency.name}` : null;
  const before = earlier.flatMap(({ decision }) => (decision ? [sayMoment(decision.at)] : []));
  return {
    title: 'Notifier',
    fields: [
      gap('Name, role, telephone and email of the notifier', 'The person who submits it enters their own.'),
      signed ? has('Decided by', signed) : gap('Decided by', 'The decision has not been signed.'),
      has('Local authority', decision?.by.agency.name ?? authorityName(opened)),
      has('Date the local authority became aware', sayDay(opened.details.awareOn)),
      has('Case code', opened.ref),
      has(
        'Decided before on the same incident',
        before.length === 0 ? 'No' : `Yes: do not notify, signed ${before.join('; ')}`,
      ),
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
    fields: [
      has('Initials', details.initials),
      gap('Name', ownSystem),
      has('Age', String(details.age)),
      gap('Date of birth', ownSystem),
      gap('Sex', ownSystem),
      gap('Ethnicity', ownSystem),
      gap('Disability', ownSystem),
      gap('Health', 'Not held here. Ask Health.'),
      has('Where the child normally lives', placeWords[details.homePlace]),
      gap('Living with, or placement', ownSystem),
      has('Looked after', yesNoNotKnownWords[details.lookedAfter]),
      ...(details.careLeaver ? [has('Care leaver', yesNoNotKnownWords[details.careLeaver])] : []),
      gap('Child in need plan', ownSystem),
      gap('Child protection plan, now or before, and its category', ownSystem),
      gap('School, college or nursery', 'Not held here. Ask Education.'),
    ],
  };
}

/** The form has room for four: what was asked once, of the first, is not said again of the others. */
function otherChildren({ case: { details } }: Known): PackSection[] {
  return (details.otherChildren ?? []).map(({ initials, age }, index) => ({
    title: `Child ${index + 2}`,
    fields: [
      has('Initials', initials),
      gap('Name', ownSystem),
      has('Age', String(age)),
      gap('Date of birth', ownSystem),
      gap('Sex, ethnicity and disability', ownSystem),
      gap('Where this child normally lives, if not with child 1', ownSystem),
      gap('Looked after, child in need or child protection plan', ownSystem),
      gap('Health', 'Not held here. Ask Health.'),
      gap('School, college or nursery', 'Not held here. Ask Education.'),
    ],
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

function agencies({ case: opened }: Known): PackSection {
  const told = opened.partnersToldAt;
  const names = partnersOf(opened).map(({ name }) => name);
  return {
    title: 'Agencies',
    fields: [
      has('Statutory partners', names.join('\n')),
      told
        ? has('Partners told', sayMoment(told))
        : gap('Partners told', 'Not in the record. Tell the partners and note when.'),
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
