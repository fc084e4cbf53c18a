import { DefaultFailureConverter } from '@temporalio/common'

/**
 * Puts message and stack of an error into a payload, so that the codec encrypts them like everything else. A file of its own because client,
 * worker and workflow bundle each load it by its path; it must import nothing that a workflow may not.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
