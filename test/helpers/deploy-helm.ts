import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

/** What Kubernetes is given; a test reads the rest of it by path. */
export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> }
}

export interface HelmRun {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface Rendering {
  values?: object
  /** As on the command line: `--set providers.openai.apiKey=sk-x`. */
  set?: string[]
  kubernetes?: string
  release?: string
  chart?: string
}

export const chartFolder = 'deploy/helm/llm-gateway'

/** The path of Helm: of HELM, on PATH, or where Go puts programs; undefined: there is none. */
export function findHelm(): string | undefined {
  const { HELM, GOBIN, GOPATH, HOME = '' } = process.env
  const candidates = [HELM, 'helm', GOBIN && join(GOBIN, 'helm'), join(GOPATH ?? join(HOME, 'go'), 'bin/helm')]
  return candidates.find((file) => file && spawnSync(file, ['version', '--short']).status === 0) || undefined
}

export function lint(helm: string, values: object = {}): HelmRun {
  return run(helm, ['lint', '--strict', chartFolder, '--values', '-'], values)
}

export function template(helm: string, rendering: Rendering = {}): HelmRun {
  const { values = {}, set = [], release = 'llm-gateway', chart = chartFolder } = rendering
  // A Helm that was built with `go install` takes the cluster for Kubernetes 1.20.
  const version = ['--kube-version', rendering.kubernetes ?? '1.31.0']
  const settings = ['--namespace', 'apps', '--values', '-', ...set.flatMap((setting) => ['--set', setting])]
  return run(helm, ['template', release, chart, ...version, ...settings], values)
}

/** The objects of a rendering; what is no YAML, or has a key twice, is an error. */
export function render(helm: string, rendering: Rendering = {}): KubernetesObject[] {
  const { exitCode, stdout, stderr } = template(helm, rendering)
  if (exitCode !== 0) throw new Error(stderr)
  const documents = parseAllDocuments(stdout, { uniqueKeys: true })
  if (!Array.isArray(documents)) return []
  for (const { errors } of documents) if (errors[0] !== undefined) throw errors[0]
  return documents.map((document) => document.toJS() as KubernetesObject | null).filter((object) => object !== null)
}

/** What `helm install` prints at the end. It asks a cluster even for a dry run, so the text is rendered as an object. */
export function notes(helm: string, rendering: Rendering = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'llm-gateway-chart-'))
  try {
    cpSync(chartFolder, folder, { recursive: true })
    const text = readFileSync(join(folder, 'templates/NOTES.txt'), 'utf8')
    const object = 'kind: Notes\nmetadata: { name: notes }\ntext: {{ include "notes" . | quote }}\n'
    writeFileSync(join(folder, 'templates/notes.yaml'), `{{- define "notes" }}${text}{{ end }}\n${object}`)
    return (only(render(helm, { ...rendering, chart: folder }), 'Notes') as unknown as { text: string }).text
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The one object of that kind which is installed (hooks are not). */
export function only(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind && !isHook(object))
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind}`)
  return found[0]
}

export function isHook({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.['helm.sh/hook'] !== undefined
}

function run(helm: string, args: string[], values: object): HelmRun {
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8', input: JSON.stringify(values) })
  return { exitCode: status, stdout, stderr }
}
