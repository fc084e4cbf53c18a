import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { failureConverterPath } from '#api/payload-codec.ts'

/** All workflows as one text of code, for workers that are told of it by `WORKFLOW_BUNDLE`. Only what goes wrong is said. */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    failureConverterPath,
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR', ({ message }) => console.error(message)),
  })
  return code
}
