export enum State { Open, Closed } // ✗
export const STATES = { OPEN: '在办', CLOSED: '已办结' } as const
