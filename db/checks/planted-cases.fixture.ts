import type { CheckOptions } from './check-all.ts'
import { copyOf, freshUuid, LAST_DECISION, run, unchanged, type Planted } from './planted.fixture.ts'

const runningOf = async ({ openWorkflows }: CheckOptions): Promise<readonly string[]> => (await openWorkflows?.()) ?? []

/** A notice of the bank about the payment of a loan that was paid out, as far as it has come. */
const noticeOf = (state: 'RECEIVED' | 'CONTRADICTORY'): string =>
  `insert into machine_message (message_id, client, key_id, nonce, kind, reference, body, state)
   select gen_random_uuid(), 'bank', 'bank', 'planted', 'ACCOUNT_NOTICE', payment_id::text, '{}', '${state}' from payment where case_id = $paid limit 1`

export const decisionsPlanted: readonly Planted[] = [
  {
    invariant: 'I4',
    what: '已办的命令没有恰好一个决定，或未办的命令有决定',
    done: 'a command was acknowledged and decided nothing',
    by: run(`update command set state = 'DONE' where state = 'REFUSED' and case_id = $decided`),
  },
  {
    invariant: 'I4',
    what: '已办的命令没有恰好一个决定，或未办的命令有决定',
    done: 'a refused command decided',
    by: run(`update command set state = 'REFUSED' where state = 'DONE' and case_id = $decided`),
  },
  {
    invariant: 'I4',
    what: '命令与其决定的案件、办理人、动作或答复不同',
    done: 'a decision is pinned on somebody else',
    by: run(`update command set actor_id = (select min(staff_id::text)::uuid from staff) where case_id = $decided and state = 'DONE'`),
  },
  {
    invariant: 'I4',
    what: '人的决定没有命令，而此前已有以命令办理的决定；或机器的决定带有命令',
    done: 'a decision without a command follows one with',
    by: run(copyOf('decision', freshUuid('decision_id', `, 'seq', t.seq + 1, 'command_id', null`), LAST_DECISION)),
  },
  {
    invariant: 'I5',
    what: '待办与案件环节不符：缺少、多余、机构不对或版本不对',
    done: 'a case waits and nobody is told',
    by: run(`update task set state = 'CANCELLED', closed_at = now() where state = 'OPEN' and case_id = $decided`),
  },
  {
    invariant: 'I5',
    what: '待办与案件环节不符：缺少、多余、机构不对或版本不对',
    done: 'a closed case is still in somebody’s list',
    by: run(copyOf('task', freshUuid('task_id', `, 'state', 'OPEN', 'decision_id', null, 'closed_at', null`), `case_id = $paid`)),
  },
  {
    invariant: 'I5',
    what: '待办与案件环节不符：缺少、多余、机构不对或版本不对',
    done: 'a task lies at another branch',
    by: run(`update task set org_id = 'branch-weize' where state = 'OPEN' and case_id = $decided`),
  },
  {
    invariant: 'I5',
    what: '待办与案件环节不符：缺少、多余、机构不对或版本不对',
    done: 'the second of two signers is not asked',
    by: run(`delete from task where case_id = $signed and state = 'OPEN'`),
  },
  {
    invariant: 'I5',
    what: '待办与案件环节不符：缺少、多余、机构不对或版本不对',
    done: 'who has signed is asked again',
    by: run(
      copyOf(
        'task',
        freshUuid('task_id', `, 'state', 'OPEN', 'decision_id', null, 'closed_at', null`),
        `case_id = $signed and stage = 'SIGNED' and state = 'DONE'`,
      ),
    ),
  },
  {
    invariant: 'I5',
    what: '办结的待办没有其决定，或未办的待办有决定',
    done: 'a task is done and nobody knows by what',
    by: run(`update task set decision_id = null where case_id = $decided and state = 'DONE'`),
  },
  {
    invariant: 'I6',
    what: '在办案件与在运行的流程不是一一对应',
    done: 'the engine lost a case',
    by: unchanged,
    options: (all) => ({ ...all, openWorkflows: async () => (await runningOf(all)).slice(1) }),
  },
  {
    invariant: 'I6',
    what: '在办案件与在运行的流程不是一一对应',
    done: 'a workflow runs for no open case',
    by: unchanged,
    options: (all) => ({ ...all, openWorkflows: async () => [...(await runningOf(all)), 'loan/of-nobody'] }),
  },
  {
    invariant: 'I6',
    what: '在办案件与在运行的流程不是一一对应',
    done: 'two workflows run for one case',
    by: unchanged,
    options: (all) => ({ ...all, openWorkflows: async () => (await runningOf(all)).flatMap((id) => [id, id]) }),
  },
  {
    invariant: 'I7',
    what: '一人在一案中办理了两个环节组',
    done: 'who entered the application also reviewed it',
    by: run(`update decision set actor_id = (select created_by from case_file where case_id = $decided) where ${LAST_DECISION}`),
  },
  {
    invariant: 'I7',
    what: '一人在一案中办理了两个环节组',
    done: 'a delegate covers for one who has acted before',
    by: run(`update decision set on_behalf_of = (select created_by from case_file where case_id = $decided) where ${LAST_DECISION}`),
  },
  {
    invariant: 'I7',
    what: '办理人、被代理人或立案人没有登记为本案人员',
    done: 'somebody acted and is no actor of the case',
    by: run(`delete from case_actor where case_id = $decided`),
  },
  {
    invariant: 'I7',
    what: '决定所记的环节组不是该环节该岗位的组',
    done: 'a review is filed as desk work',
    by: run(`update decision set step_group = 'DESK' where ${LAST_DECISION}`),
  },
  {
    invariant: 'I9',
    what: '时限在到期之前触发，或同一时限触发了两次',
    done: 'a deadline fires on the eve',
    by: run(`alter table deadline drop constraint deadline_check`, `update deadline set settled_on = due_on - 1 where state = 'FIRED'`),
  },
  {
    invariant: 'I9',
    what: '时限在到期之前触发，或同一时限触发了两次',
    done: 'a deadline fires twice',
    by: run(copyOf('deadline', freshUuid('deadline_id'), `state = 'FIRED'`)),
  },
  {
    invariant: 'I9',
    what: '触发的时限没有恰好一条审计记录，或审计所记的时限没有触发',
    done: 'a deadline fired in silence',
    by: run(`update deadline set state = 'FIRED', settled_on = due_on where state = 'ARMED'`),
  },
  {
    invariant: 'I9',
    what: '触发的时限没有恰好一条审计记录，或审计所记的时限没有触发',
    done: 'a deadline that fired is said not to have',
    by: run(`update deadline set state = 'CANCELLED' where state = 'FIRED'`),
  },
  {
    invariant: 'I9',
    what: '已办结的案件还有待触发的时限',
    done: 'a closed case will be reminded',
    by: run(`update deadline set case_id = $paid where deadline_id = (select deadline_id from deadline where state = 'ARMED' limit 1)`),
  },
  {
    invariant: 'I9',
    what: '时限已到期而没有触发',
    done: 'a day passes and nothing fires',
    by: run(
      `update deadline set due_on = business_today() where deadline_id = (select deadline_id from deadline where state = 'ARMED' limit 1)`,
    ),
  },
  {
    invariant: 'I13',
    what: '发件箱里还有没有发出的',
    done: 'a message stays',
    by: run(`update outbox set state = 'WAITING' where case_id = $paid`),
  },
  {
    invariant: 'I13',
    what: '发件箱里有搁置的',
    done: 'a message was given up while the house is at work',
    by: run(`update outbox set state = 'PARKED' where case_id = $paid`),
    options: (all) => ({ ...all, quiet: false }),
  },
  {
    invariant: 'I13',
    what: '银行的通知还没有认定',
    done: 'the bank says of a loan that was paid out that it has failed, and nobody looks',
    by: run(noticeOf('RECEIVED')),
  },
  {
    invariant: 'I13',
    what: '与记录矛盾或对不上的银行通知没有列入异常',
    done: 'somebody has looked, and has told nobody',
    by: run(noticeOf('CONTRADICTORY')),
  },
]
