import { type KubernetesObject, only, render, type Rendering } from './deploy-helm.ts'
import { type GatewayRun, runGateway } from './gateway.ts'

interface Variable {
  name: string
  value?: string
  valueFrom?: { secretKeyRef: { name: string; key: string } }
}

export interface Deployment extends KubernetesObject {
  spec: {
    replicas?: number
    strategy: object
    selector: { matchLabels: Record<string, string> }
    template: {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> }
      spec: { terminationGracePeriodSeconds: number; containers: [{ env: Variable[] } & object]; volumes: object[] }
    }
  }
}

export function deploymentOf(objects: readonly KubernetesObject[]): Deployment {
  return only(objects, 'Deployment') as Deployment
}

export function gatewayYaml(objects: readonly KubernetesObject[]): string {
  const { data } = only(objects, 'ConfigMap') as KubernetesObject & { data: Record<string, string> }
  return data['gateway.yaml'] ?? ''
}

export function secretsOf(objects: readonly KubernetesObject[]): Record<string, string> {
  const secret = objects.find(({ kind }) => kind === 'Secret') as (KubernetesObject & { data: object }) | undefined
  return Object.fromEntries(
    Object.entries(secret?.data ?? {}).map(([name, value]) => [name, Buffer.from(String(value), 'base64').toString()]),
  )
}

/** As Kubernetes fills it in; what lies in Secrets that are not ours has a key of its own. */
export function environmentOf(objects: readonly KubernetesObject[]): Record<string, string> {
  const secrets = secretsOf(objects)
  const own = only(objects, 'ConfigMap').metadata.name
  return Object.fromEntries(
    deploymentOf(objects).spec.template.spec.containers[0].env.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, value ?? '']
      const { name: secret, key } = valueFrom.secretKeyRef
      return [name, secret === own ? (secrets[key] ?? '') : `from-${secret}-${key}-long-enough`]
    }),
  )
}

/** What `node gateway/cli.ts --check` says to the file that the chart makes, with the variables of the pod. */
export async function checkConfig(helm: string, rendering: Rendering): Promise<GatewayRun> {
  const objects = render(helm, rendering)
  const { LLM_GATEWAY_CONFIG: _, LLM_GATEWAY_DATA_DIR: __, ...env } = environmentOf(objects)
  return runGateway({ config: gatewayYaml(objects), env, args: ['--check'] })
}
