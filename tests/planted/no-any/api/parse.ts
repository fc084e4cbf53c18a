export const parse = (body: any): unknown => body // ✗
export const many: Array<any> = [] // ✗
export const anyway = 'any'
