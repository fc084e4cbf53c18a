/** The migrated, empty database that every test file copies. */
export const templateName = 'anju_template'

/** In the server's own database: which others were made for several files to copy, and what their makers told. */
export const MADE_ONCE = 'made_once'

export const ownerName = 'anju_owner'
