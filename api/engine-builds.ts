import { isGrpcServiceError, type Client } from '@temporalio/client'
import { workflowIdOf, type CaseKind } from '#contracts/cases.ts'
import type { InTime } from './engine-sight.ts'

/** A build of the workflows as the engine knows it. */
export interface Build {
  /** All builds of our workers together. */
  readonly deployment: string
  readonly build: string
}

/** Which build works on what. A run stays on the build it began on; a fresh one begins on the current build. */
export interface EngineBuilds {
  /** The build on which fresh runs begin; undefined while the deployment has none. */
  currentBuild(deployment: string): Promise<string | undefined>
  /** From now on fresh runs begin on this build. @returns false when no worker of it has come to the engine yet */
  makeCurrent(build: Build): Promise<boolean>
  /** The build that the case's run stays on; undefined when none has begun work on it. */
  buildOf(kind: CaseKind, caseId: string): Promise<string | undefined>
}

const GRPC = { NOT_FOUND: 5, FAILED_PRECONDITION: 9 } as const

/** The engine's word on builds, each question with an end in time. */
export function engineBuilds(client: Client, inTime: InTime): EngineBuilds {
  const { namespace } = client.options
  const service = client.workflowService
  return {
    async currentBuild(deploymentName) {
      try {
        const { workerDeploymentInfo } = await inTime(() => service.describeWorkerDeployment({ namespace, deploymentName }))
        return workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId || undefined
      } catch (error) {
        if (isGrpcServiceError(error) && error.code === GRPC.NOT_FOUND) return undefined
        throw error
      }
    },

    async makeCurrent({ deployment, build }) {
      try {
        await inTime(() =>
          service.setWorkerDeploymentCurrentVersion({ namespace, deploymentName: deployment, buildId: build, identity: 'anju' }),
        )
        return true
      } catch (error) {
        const codes: readonly number[] = [GRPC.NOT_FOUND, GRPC.FAILED_PRECONDITION]
        if (isGrpcServiceError(error) && codes.includes(error.code)) return false
        throw error
      }
    },

    async buildOf(kind, caseId) {
      const { raw } = await inTime(() => client.workflow.getHandle(workflowIdOf(kind, caseId)).describe())
      return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId || undefined
    },
  }
}
