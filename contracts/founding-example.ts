import type { z } from 'zod'
import type { foundingFile } from './founding.ts'

/**
 * A small centre, complete, as a command prints it. Names, numbers and accounts are invented and belong to nobody: prefecture 98 of the
 * province has never been assigned.
 */
export const exampleFounding: z.input<typeof foundingFile> = {
  centres: [
    {
      id: 'centre-xinxiang',
      entity: 'xinxiang',
      name: '新乡市住房公积金管理中心',
      shortName: '市中心',
      branches: [
        { id: 'branch-first', name: '第一管理部（示例）', shortName: '第一管理部' },
        { id: 'branch-second', name: '第二管理部（示例）', shortName: '第二管理部' },
      ],
      banks: [
        {
          id: 'bank-first',
          name: '示例银行新乡分行',
          shortName: '示例银行',
          depositAccount: { number: '9998000000000001', name: '新乡市住房公积金管理中心存款专户' },
          surplusAccount: { number: '9998000000000002', name: '新乡市住房公积金管理中心增值收益专户' },
        },
      ],
      guarantors: [{ id: 'guarantor-first', name: '示例住房置业担保有限公司', shortName: '示例担保' }],
      courts: [],
      staff: [
        { staffNumber: 'A0001', name: '示例甲', idNumber: '419899198001010013', orgId: 'centre-xinxiang', posts: ['SYS_ADMIN'] },
        { staffNumber: 'A0002', name: '示例乙', idNumber: '419899198502030020', orgId: 'centre-xinxiang', posts: ['SEC_ADMIN'] },
        { staffNumber: 'A0003', name: '示例丙', idNumber: '41989919900305003X', orgId: 'centre-xinxiang', posts: ['LOG_ADMIN'] },
        { staffNumber: 'A0004', name: '示例丁', idNumber: '419899199504070047', orgId: 'branch-first', posts: ['INTAKE', 'CONTRIBUTION'] },
      ],
    },
  ],
}
