import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { findHelm, isHook, only, render } from '../helpers/deploy-helm.ts'
import { checkConfig, deploymentOf, gatewayYaml, secretsOf } from '../helpers/deploy-objects.ts'
import { fullValues } from './helm-values.ts'

const found = findHelm()
if (found === undefined) console.log('helm: not installed; the chart with everything is not looked at')
const helm = found ?? ''

describe.skipIf(found === undefined)('helm with everything', () => {
  const objects = found === undefined ? [] : render(helm, { values: fullValues, release: 'prod' })

  test('makes these objects', () => {
    const kinds = objects.filter((object) => !isHook(object)).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Secret',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
    ])
    const names = new Set(objects.filter((object) => !isHook(object)).map(({ metadata }) => metadata.name))
    expect(names).toEqual(new Set(['prod-llm-gateway', 'gateway']))
  })

  test('gateway.yaml has the providers, Redis and all settings, and no secret', async () => {
    const text = gatewayYaml(objects)
    expect(text).not.toMatch(/secret/)
    expect(parse(text)).toEqual({
      ...fullValues.config,
      cache: { enabled: true, ttl: '2h', backend: 'redis', redis: { url: '${REDIS_URL}' } },
      rateLimit: { ...fullValues.config.rateLimit, backend: 'redis' },
      budgets: { ...fullValues.config.budgets, backend: 'redis' },
      providers: [
        { name: 'anthropic', apiKey: '${ANTHROPIC_API_KEY}', modelMap: { '*': 'claude-haiku-4-5' } },
        { name: 'azure', apiKey: '${AZURE_API_KEY}', baseUrl: 'https://resource.openai.azure.com' },
        { name: 'in-house.1', type: 'openai-compatible', apiKey: '${IN_HOUSE_KEY}', baseUrl: 'http://vllm:8000/v1' },
        { name: 'ollama' },
        {
          name: 'openai',
          apiKey: '${OPENAI_API_KEY}',
          models: ['gpt-4o', 'gpt-4o-mini'],
          priority: 1,
          timeout: '60s',
        },
      ],
    })
    expect(await checkConfig(helm, { values: fullValues, release: 'prod' })).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('keys come from the chart’s Secret and from others', () => {
    const { containers } = deploymentOf(objects).spec.template.spec
    const references = containers[0].env.flatMap(({ name, valueFrom }) =>
      valueFrom === undefined ? [] : [[name, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key].join(' ')],
    )
    expect(references.toSorted()).toEqual([
      'ANTHROPIC_API_KEY llm-keys ANTHROPIC_API_KEY',
      'AZURE_API_KEY llm-keys azure',
      'IN_HOUSE_KEY prod-llm-gateway IN_HOUSE_KEY',
      'LLM_GATEWAY_ADMIN_TOKEN admin token',
      'OPENAI_API_KEY prod-llm-gateway OPENAI_API_KEY',
      'REDIS_URL prod-llm-gateway REDIS_URL',
      'TEAM_KEY prod-llm-gateway TEAM_KEY',
    ])
    expect(containers[0]).toMatchObject({ envFrom: [{ secretRef: { name: 'more-keys' } }] })
    expect(Object.keys(secretsOf(objects)).toSorted()).toEqual([
      'IN_HOUSE_KEY',
      'OPENAI_API_KEY',
      'REDIS_URL',
      'TEAM_KEY',
    ])
  })

  test('the pod listens where the file says, and has time to drain', () => {
    const { spec } = deploymentOf(objects).spec.template
    expect(spec.containers[0]).toMatchObject({ ports: [{ containerPort: 8443 }] })
    expect(spec.terminationGracePeriodSeconds).toBe(5 + 90 + 10)
    expect(deploymentOf(objects).spec).not.toHaveProperty('replicas')
    expect(spec).toMatchObject({
      nodeSelector: fullValues.nodeSelector,
      tolerations: fullValues.tolerations,
      topologySpreadConstraints: fullValues.topologySpreadConstraints,
      affinity: fullValues.affinity,
      priorityClassName: 'high',
      serviceAccountName: 'gateway',
      imagePullSecrets: [{ name: 'pull' }],
    })
  })

  test('every selector finds the pods', () => {
    const { labels } = deploymentOf(objects).spec.template.metadata
    const selectors = [
      deploymentOf(objects).spec.selector.matchLabels,
      valueAt(only(objects, 'Service'), 'spec', 'selector'),
      valueAt(only(objects, 'PodDisruptionBudget'), 'spec', 'selector', 'matchLabels'),
      valueAt(only(objects, 'NetworkPolicy'), 'spec', 'podSelector', 'matchLabels'),
    ]
    for (const selector of selectors) expect(labels).toMatchObject(selector as object)
    // It looks for the Service.
    const monitored = valueAt(only(objects, 'ServiceMonitor'), 'spec', 'selector', 'matchLabels')
    expect(only(objects, 'Service').metadata.labels).toMatchObject(monitored as object)
  })

  const expected: [kind: string, object: object][] = [
    [
      'HorizontalPodAutoscaler',
      {
        apiVersion: 'autoscaling/v2',
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'prod-llm-gateway' },
          minReplicas: 3,
          maxReplicas: 9,
          metrics: [{ resource: { name: 'cpu' } }, { resource: { name: 'memory' } }],
        },
      },
    ],
    ['PodDisruptionBudget', { apiVersion: 'policy/v1', spec: { maxUnavailable: '25%' } }],
    ['Service', { spec: { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 'http' }] } }],
    [
      'NetworkPolicy',
      {
        spec: {
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ ports: [{ port: 'http' }], from: fullValues.networkPolicy.from }],
          egress: [
            { ports: [{ port: 53 }, { port: 53 }] },
            { ports: [{ port: 443 }], to: [{ ipBlock: { except: ['169.254.0.0/16'] } }, {}] },
            { ports: [{ port: 6379 }] },
            { ports: [{ port: 8000 }] },
          ],
        },
      },
    ],
    [
      'ServiceMonitor',
      {
        metadata: { labels: { release: 'prometheus' } },
        spec: {
          endpoints: [
            {
              port: 'http',
              path: '/internal/metrics',
              authorization: { type: 'Bearer', credentials: { name: 'scrape', key: 'key' } },
            },
          ],
        },
      },
    ],
    [
      'Ingress',
      {
        apiVersion: 'networking.k8s.io/v1',
        spec: {
          ingressClassName: 'nginx',
          tls: fullValues.ingress.tls,
          rules: [
            { host: 'llm.example.com', http: { paths: [{ path: '/', pathType: 'Prefix' }] } },
            { host: 'other.example.com', http: { paths: [{ path: '/v1', pathType: 'Exact' }] } },
          ],
        },
      },
    ],
  ]
  test.each(expected)('%s', (kind, object) => {
    expect(only(objects, kind)).toMatchObject(object)
  })
})

function valueAt(object: object, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object)
}
