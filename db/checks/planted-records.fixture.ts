import { LAST_DECISION, REHASH_VERDICTS, run, type Planted } from './planted.fixture.ts'

const LAST_ROW = `stream = 'case/' || $decided
  and seq = (select max(seq) from audit_row where act = 'decide/pass' and stream = 'case/' || $decided)`

export const recordsPlanted: readonly Planted[] = [
  {
    invariant: 'I8',
    what: '审计链断裂',
    done: 'a word of an audit row is changed',
    by: run(`update audit_row set body = replace(body, '同意', '不同意') where ${LAST_ROW}`),
  },
  {
    invariant: 'I8',
    what: '审计链断裂',
    done: 'an audit row is gone',
    by: run(`delete from audit_row where stream = 'case/' || $decided and seq = 2`),
  },
  {
    invariant: 'I8',
    what: '审计链断裂',
    done: 'the end of a chain is gone',
    by: run(
      `delete from audit_row where (stream, seq) in (select stream, max(seq) from audit_row where stream = 'case/' || $paid group by 1)`,
    ),
  },
  {
    invariant: 'I8',
    what: '审计链断裂',
    done: 'a chain is not registered',
    by: run(`delete from audit_stream where stream = 'case/' || $paid`),
  },
  {
    invariant: 'I8',
    what: '决定没有恰好一条审计记录',
    done: 'the row of a decision is gone',
    by: run(`delete from audit_row where ${LAST_ROW}`),
  },
  {
    invariant: 'I8',
    what: '审计记录所指的决定不存在',
    done: 'a decision is gone and its row is not',
    by: run(`delete from decision where ${LAST_DECISION}`),
  },
  {
    invariant: 'I8',
    what: '审计记录所指的决定不存在',
    done: 'a row says nothing readable',
    by: run(`update audit_row set body = 'nothing' where ${LAST_ROW}`),
  },
  {
    invariant: 'I8',
    what: '决定的内容与审计记录不同',
    done: 'an opinion is reworded in the business data',
    by: run(`update decision set opinion = '另有意见' where ${LAST_DECISION}`),
  },
  {
    invariant: 'I8',
    what: '决定的内容与审计记录不同',
    done: 'the opinion of an old decision is reworded',
    by: run(`update decision set opinion = '另有意见' where case_id = $decided and seq = 1`),
  },
  {
    invariant: 'I8',
    what: '决定的内容与审计记录不同',
    done: 'approved terms are raised',
    by: run(`update decision set terms = '{"amountFen":"99900000","months":360}' where ${LAST_DECISION}`),
  },
  {
    invariant: 'I8',
    what: '案件的审计链不以立案开头，或链与案件对不上',
    done: 'a chain belongs to another case',
    by: run(`update audit_stream set case_id = $paid where stream = 'case/' || $decided`),
  },
  {
    invariant: 'I8',
    what: '被拒的命令在审计中是被拒，在登记中不是',
    done: 'a refusal is turned into a consent',
    by: run(`update command set state = 'DONE' where state = 'REFUSED' and case_id = $decided`),
  },
  {
    invariant: 'I8',
    what: '被拒的命令没有恰好一条审计记录',
    done: 'a command is refused and nothing is said of it',
    by: run(`update command set state = 'REFUSED' where state = 'DONE' and case_id = $decided`),
  },
  {
    invariant: 'I12',
    what: '审核结论与其散列或其所记的版本、政策、结果不一致',
    done: 'a verdict’s outcome is another than it says',
    by: run(`update verdict set outcome = 'refused' where case_id = $decided`),
  },
  {
    invariant: 'I12',
    what: '审核结论与其散列或其所记的版本、政策、结果不一致',
    done: 'a verdict is reworded',
    by: run(`update verdict set content = regexp_replace(content, '"rule":"loan-[0-9]+"', '"rule":"loan-0"') where case_id = $decided`),
  },
  {
    invariant: 'I12',
    what: '审核结论与其散列或其所记的版本、政策、结果不一致',
    done: 'a verdict says nothing readable, and its hash is made to fit',
    by: run(`update verdict set content = 'nothing' where case_id = $decided`, REHASH_VERDICTS),
  },
  {
    invariant: 'I12',
    what: '按记录的规则、事实和政策重新审核，得不到同样的字节',
    done: 'the amount of a verdict is raised, and its hash made to fit',
    by: run(
      `update verdict set content = regexp_replace(content, '"result":{"amountFen":"\\d+"', '"result":{"amountFen":"99900000"') where case_id = $decided`,
      REHASH_VERDICTS,
    ),
  },
  {
    invariant: 'I12',
    what: '按记录的规则、事实和政策重新审核，得不到同样的字节',
    done: 'the amount of a release check is raised, and its hash made to fit',
    by: run(
      `update verdict set content = regexp_replace(content, '("result":{.*)"amountFen":"\\d+"', '\\1"amountFen":"99900000"')
        where case_id = $paid and kind = 'RELEASE_CHECK'`,
      REHASH_VERDICTS,
    ),
  },
  {
    invariant: 'I12',
    what: '按记录的规则、事实和政策重新审核，得不到同样的字节',
    done: 'the policy that ruled is rewritten',
    by: run(`update policy_snapshot set content = regexp_replace(content, '("maxOneContributorFen":{.*?"value":)"\\d+"', '\\1"1000000"')`),
  },
]
