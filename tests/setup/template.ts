/** The migrated, empty database that every test file copies. */
export const templateName = 'anju_template'

export const ownerName = 'anju_owner'
