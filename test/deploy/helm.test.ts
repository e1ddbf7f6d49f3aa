import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { configSchema } from '../../gateway/config/schema.ts'
import {
  chartFolder,
  findHelm,
  isHook,
  lint,
  notes,
  only,
  render,
  type Rendering,
  template,
} from '../helpers/deploy-helm.ts'
import { checkConfig, deploymentOf, environmentOf, gatewayYaml, secretsOf } from '../helpers/deploy-objects.ts'
import { fullValues } from './helm-values.ts'

const found = findHelm()
if (found === undefined) {
  console.log(
    'helm: not installed (go install helm.sh/helm/v3/cmd/helm@latest, or HELM=its path): its tests are skipped',
  )
}
const helm = found ?? ''

describe('the chart itself', () => {
  test('its versions are the project’s', () => {
    const chart = parse(readFileSync(join(chartFolder, 'Chart.yaml'), 'utf8')) as Record<string, string>
    expect(chart).toMatchObject({ name: 'llm-gateway', appVersion: manifest.version, version: manifest.version })
  })

  // Whoever adds a key to gateway.yaml adds it to values.schema.json.
  test('its schema knows every section of gateway.yaml and every key of a provider', () => {
    const schema = JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8')) as {
      properties: Record<string, { properties: object; additionalProperties: { properties: object } }>
    }
    const { config, providers } = schema.properties
    expect(Object.keys(config?.properties ?? {}).toSorted()).toEqual(Object.keys(configSchema.shape).toSorted())
    const { apiKey, existingSecret, existingSecretKey, ...more } = (providers?.additionalProperties.properties ??
      {}) as Record<string, unknown>
    expect([apiKey, existingSecret, existingSecretKey]).not.toContain(undefined)
    const known = Object.keys(configSchema.shape.providers.unwrap().element.shape)
    expect(Object.keys(more).toSorted()).toEqual(known.filter((key) => key !== 'name' && key !== 'apiKey').toSorted())
  })
})

describe.skipIf(found === undefined)('helm', () => {
  test.each([
    ['as it comes', {}],
    ['with everything', fullValues],
  ])('lint --strict has no complaint: %s', (_name, values) => {
    const { exitCode, stdout, stderr } = lint(helm, values)
    expect(`${stdout}${stderr}`).not.toMatch(/\[(WARNING|ERROR)\]/)
    expect(exitCode).toBe(0)
  })

  describe('as it comes', () => {
    const objects = found === undefined ? [] : render(helm)

    test('makes these objects, named and labelled alike', () => {
      const kinds = objects.filter((object) => !isHook(object)).map(({ kind }) => kind)
      expect(kinds.toSorted()).toEqual(
        ['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Secret', 'Service', 'ServiceAccount'].toSorted(),
      )
      for (const { metadata } of objects.filter((object) => !isHook(object))) {
        expect(metadata.name).toBe('llm-gateway')
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/name': 'llm-gateway',
          'app.kubernetes.io/instance': 'llm-gateway',
          'app.kubernetes.io/version': manifest.version,
        })
      }
    })

    test('the pod is as restricted as Kubernetes knows (Pod Security Standard "restricted")', () => {
      expect(deploymentOf(objects).spec.template.spec).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            image: `yourorg/llm-gateway:${manifest.version}`,
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      })
    })

    test('it is asked at /health whether it lives and at /ready whether it may have calls', () => {
      expect(deploymentOf(objects).spec.template.spec.containers[0]).toMatchObject({
        ports: [{ name: 'http', containerPort: 8080 }],
        startupProbe: { httpGet: { path: '/health', port: 'http' } },
        livenessProbe: { httpGet: { path: '/health', port: 'http' } },
        readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
      })
    })

    test('a rollout takes nobody’s call away', () => {
      const { spec } = deploymentOf(objects)
      expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } })
      expect(spec.template.spec.containers[0]).toMatchObject({ lifecycle: { preStop: { sleep: { seconds: 5 } } } })
      // 5 s before SIGTERM, 30 s drain.
      expect(spec.template.spec.terminationGracePeriodSeconds).toBe(45)
    })

    test('all that is written has a place, and the configuration is a folder', () => {
      const { containers, volumes } = deploymentOf(objects).spec.template.spec
      expect(volumes).toEqual([
        { name: 'config', configMap: { name: 'llm-gateway' } },
        { name: 'data', emptyDir: {} },
        { name: 'tmp', emptyDir: {} },
      ])
      expect(containers[0]).toMatchObject({
        volumeMounts: [
          { name: 'config', mountPath: '/app', readOnly: true },
          { mountPath: '/data' },
          { mountPath: '/tmp' },
        ],
      })
    })

    test('the gateway takes its file, and answers with the demo', async () => {
      expect(parse(gatewayYaml(objects))).toEqual({})
      expect(await checkConfig(helm, {})).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('note: server.host 0.0.0.0'),
      })
    })

    test('an admin token is made up', () => {
      expect(secretsOf(objects)['LLM_GATEWAY_ADMIN_TOKEN']).toMatch(/^\w{40}$/)
    })
  })

  describe('helm install --set providers.openai.apiKey=sk-secret', () => {
    const objects = found === undefined ? [] : render(helm, { set: ['providers.openai.apiKey=sk-secret'] })

    test('the key is in a Secret and nowhere else', () => {
      expect(secretsOf(objects)).toMatchObject({ OPENAI_API_KEY: 'sk-secret' })
      expect(parse(gatewayYaml(objects))).toEqual({ providers: [{ name: 'openai', apiKey: '${OPENAI_API_KEY}' }] })
      expect(JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'))).not.toContain('sk-secret')
      expect(environmentOf(objects)).toMatchObject({ OPENAI_API_KEY: 'sk-secret', LLM_GATEWAY_PORT: '8080' })
    })

    test('the gateway takes it', async () => {
      expect(await checkConfig(helm, { set: ['providers.openai.apiKey=sk-secret'] })).toMatchObject({ exitCode: 0 })
    })

    test('another key or another setting starts new pods, the same does not', () => {
      const sums = (rendering: Rendering): unknown => {
        const { annotations } = deploymentOf(render(helm, rendering)).spec.template.metadata
        return [annotations['checksum/config'], annotations['checksum/secret']]
      }
      const [config, secret] = sums({ set: ['providers.openai.apiKey=sk-secret'] }) as [string, string]
      expect(sums({ set: ['providers.openai.apiKey=sk-secret'] })).toEqual([config, secret])
      expect(sums({ set: ['providers.openai.apiKey=sk-other'] })).toEqual([config, expect.not.stringMatching(secret)])
      expect(sums({ set: ['providers.openai.apiKey=sk-secret', 'config.cache.enabled=true'] })).toEqual([
        expect.not.stringMatching(config),
        secret,
      ])
    })
  })

  test('with a disk the ledger outlives pod and release, and two never write it', () => {
    const objects = render(helm, { values: { persistence: { enabled: true, size: '5Gi', storageClass: 'fast' } } })
    expect(deploymentOf(objects).spec.strategy).toEqual({ type: 'Recreate' })
    expect(only(objects, 'PersistentVolumeClaim')).toMatchObject({
      metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } },
      spec: { storageClassName: 'fast', resources: { requests: { storage: '5Gi' } } },
    })
    const { volumes } = deploymentOf(objects).spec.template.spec
    expect(volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'llm-gateway' } })
  })

  test('before Kubernetes 1.30 the wait before SIGTERM is a program, not a shell', () => {
    const objects = render(helm, { kubernetes: '1.27.0' })
    expect(deploymentOf(objects).spec.template.spec.containers[0]).toMatchObject({
      lifecycle: { preStop: { exec: { command: ['/usr/local/bin/node', '-e', 'setTimeout(() => {}, 5000)'] } } },
    })
  })

  test('a gateway.yaml with a list of providers may be pasted as it is', async () => {
    const config = parse(readFileSync('gateway.example.yaml', 'utf8')) as object
    const values = { config, secretEnv: { OPENAI_API_KEY: 'sk-a', ANTHROPIC_API_KEY: 'sk-b' } }
    expect(await checkConfig(helm, { values })).toMatchObject({ exitCode: 0 })
    const more = { ...values, providers: { mistral: { apiKey: 'sk-c' } } }
    const { providers } = parse(gatewayYaml(render(helm, { values: more }))) as { providers: { name: string }[] }
    expect(providers.map(({ name }) => name)).toEqual(['openai', 'anthropic', 'mistral'])
  })

  const refused: [name: string, rendering: Rendering, why: RegExp][] = [
    ['a variable that was not set', { set: ['providers.openai.apiKey='] }, /providers\/openai\/apiKey.*minLength/],
    ['a misspelt key of a provider', { set: ['providers.openai.apikey=x'] }, /'apikey' not allowed/],
    ['a misspelt section', { set: ['config.cahce.enabled=true'] }, /'cahce' not allowed/],
    ['a misspelt value', { set: ['replicas=2'] }, /'replicas' not allowed/],
    ['a number that is none', { set: ['replicaCount=many'] }, /replicaCount.*want integer/],
    ['a short admin token', { set: ['adminToken.value=short'] }, /adminToken\/value/],
    ['Redis without its scheme', { set: ['redis.url=redis:6379'] }, /redis\/url/],
    ['a port that is none', { set: ['service.port=70000'] }, /service\/port/],
    ['a drain time without a unit', { set: ['config.server.drainTimeout=30'] }, /drainTimeout/],
    ['two homes for a key', { set: ['providers.a.apiKey=x', 'providers.a.existingSecret=y'] }, /one of them/],
    ['two Redis', { set: ['redis.url=redis://x', 'redis.existingSecret=y'] }, /one of them/],
    ['one file for many', { set: ['persistence.enabled=true', 'replicaCount=2'] }, /one replica/],
    ['one file for a growing number', { set: ['persistence.enabled=true', 'autoscaling.enabled=true'] }, /one replica/],
    ['an open door', { set: ['ingress.enabled=true', 'ingress.hosts[0].host=a.example'] }, /without a key/],
    ['an open port', { set: ['service.type=LoadBalancer'] }, /without a key/],
    ['an Ingress to nowhere', { set: ['ingress.enabled=true', 'allowAnonymous=true'] }, /ingress.hosts is empty/],
    ['less time than it takes', { set: ['terminationGracePeriodSeconds=35'] }, /cut off/],
    ['an old Kubernetes', { kubernetes: '1.24.0' }, /incompatible/],
  ]
  test.each(refused)('refuses %s', (_name, rendering, why) => {
    const { exitCode, stderr } = template(helm, rendering)
    expect(stderr).toMatch(why)
    expect(exitCode).not.toBe(0)
  })

  describe('what it says after installing', () => {
    test('as it comes: how to reach it, and what is missing', () => {
      const text = notes(helm)
      expect(text).toContain('http://llm-gateway.apps:8080/v1')
      expect(text).toContain('port-forward service/llm-gateway 8080:8080')
      expect(text).toContain('get secret llm-gateway')
      expect(text).toMatch(/no provider is configured[^]*can spend your money[^]*is forgotten when a pod ends/)
    })

    test('with everything there is nothing to add but where the ledger is', () => {
      const text = notes(helm, { values: fullValues, release: 'prod' })
      expect(text).toContain('https://llm.example.com/v1')
      expect(text).toContain('get secret admin')
      expect(text.match(/NOTE/g)).toHaveLength(1)
      expect(text).toContain('each pod counts its own')
      expect(text).not.toContain('secret@')
    })

    test('of replicas that do not know of each other, and of a Prometheus without a key', () => {
      const values = { replicaCount: 2, config: { auth: { anonymous: false } }, serviceMonitor: { enabled: true } }
      expect(notes(helm, { values })).toMatch(/N times as much[^]*Prometheus has none/)
    })
  })
})
