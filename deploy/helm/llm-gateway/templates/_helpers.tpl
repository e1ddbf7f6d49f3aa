{{- define "llm-gateway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "llm-gateway.fullname" -}}
{{- $name := include "llm-gateway.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "llm-gateway.selector" -}}
app.kubernetes.io/name: {{ include "llm-gateway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "llm-gateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "llm-gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "llm-gateway.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "llm-gateway.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "llm-gateway.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "llm-gateway.port" -}}
{{- dig "server" "port" 8080 .Values.config -}}
{{- end -}}

{{- define "llm-gateway.metricsPath" -}}
{{- dig "metrics" "endpoint" "/metrics" .Values.config -}}
{{- end -}}

{{/* The variable that holds a provider's key: openai -> OPENAI_API_KEY. */}}
{{- define "llm-gateway.keyVariable" -}}
{{- regexReplaceAll "[^A-Z0-9]" (upper .) "_" | printf "%s_API_KEY" | regexFind "[A-Z_].*" -}}
{{- end -}}

{{/* Seconds of a duration as gateway.yaml has it (1m30s), rounded up. */}}
{{- define "llm-gateway.seconds" -}}
{{- $milliseconds := 0.0 -}}
{{- range regexFindAll "[0-9.]+(ms|s|m|h|d)" . -1 -}}
{{- $amount := regexFind "^[0-9.]+" . | float64 -}}
{{- $unit := get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000) (regexFind "[a-z]+$" .) -}}
{{- $milliseconds = addf $milliseconds (mulf $amount $unit) -}}
{{- end -}}
{{- divf $milliseconds 1000 | ceil | int -}}
{{- end -}}

{{- define "llm-gateway.drainSeconds" -}}
{{- include "llm-gateway.seconds" (dig "server" "drainTimeout" "30s" .Values.config) -}}
{{- end -}}

{{- define "llm-gateway.graceSeconds" -}}
{{- $least := add (int .Values.preStopSeconds) (int (include "llm-gateway.drainSeconds" .)) -}}
{{- with .Values.terminationGracePeriodSeconds -}}
{{- if le (int .) (int $least) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d, but preStopSeconds and server.drainTimeout are %d together: running calls would be cut off. Leave it out or give more." (int .) (int $least)) -}}
{{- end -}}
{{- end -}}
{{- default (add $least 10) .Values.terminationGracePeriodSeconds -}}
{{- end -}}

{{- define "llm-gateway.usesRedis" -}}
{{- if or .Values.redis.url .Values.redis.existingSecret -}}true{{- end -}}
{{- end -}}

{{- define "llm-gateway.isMany" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) -}}true{{- end -}}
{{- end -}}

{{/* Whether calls without a client key are answered. */}}
{{- define "llm-gateway.isAnonymous" -}}
{{- if dig "auth" "anonymous" true .Values.config -}}true{{- end -}}
{{- end -}}

{{/* gateway.yaml: config, the providers, and Redis where one is given; what config says itself counts. */}}
{{- define "llm-gateway.gatewayYaml" -}}
{{- $own := list -}}
{{- range $name, $given := .Values.providers -}}
{{- $given = default dict $given -}}
{{- $provider := merge (dict "name" $name) (omit $given "apiKey" "existingSecret" "existingSecretKey") -}}
{{- if hasPrefix "${" (default "" $given.apiKey) -}}
{{- $provider = set $provider "apiKey" $given.apiKey -}}
{{- else if or $given.apiKey $given.existingSecret -}}
{{- $provider = set $provider "apiKey" (printf "${%s}" (include "llm-gateway.keyVariable" $name)) -}}
{{- end -}}
{{- $own = append $own $provider -}}
{{- end -}}
{{- $config := deepCopy .Values.config -}}
{{- if include "llm-gateway.usesRedis" . -}}
{{- $shared := dict "cache" (dict "backend" "redis" "redis" (dict "url" "${REDIS_URL}")) "rateLimit" (dict "backend" "redis") "budgets" (dict "backend" "redis") -}}
{{- $config = mergeOverwrite $shared $config -}}
{{- end -}}
{{- $providers := concat (default list $config.providers) $own -}}
{{- if $providers -}}
{{- $config = set $config "providers" $providers -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* What goes into the chart's own Secret, without the admin token that it makes up. */}}
{{- define "llm-gateway.secretData" -}}
{{- $data := dict -}}
{{- range $name, $given := .Values.providers -}}
{{- $key := default "" (default dict $given).apiKey -}}
{{- if and $key (not (hasPrefix "${" $key)) -}}
{{- $data = set $data (include "llm-gateway.keyVariable" $name) (b64enc $key) -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := .Values.secretEnv -}}
{{- $data = set $data $name (b64enc $value) -}}
{{- end -}}
{{- with .Values.redis.url -}}
{{- $data = set $data "REDIS_URL" (b64enc .) -}}
{{- end -}}
{{- with .Values.adminToken.value -}}
{{- $data = set $data "LLM_GATEWAY_ADMIN_TOKEN" (b64enc .) -}}
{{- end -}}
{{- toJson $data -}}
{{- end -}}

{{/* What can be said before anything is installed. */}}
{{- define "llm-gateway.validate" -}}
{{- if and .Values.persistence.enabled (include "llm-gateway.isMany" .) -}}
{{- fail "persistence.enabled is for one replica: the ledger is one file, which only one gateway may write. Set replicaCount: 1 and autoscaling.enabled: false, or persistence.enabled: false." -}}
{{- end -}}
{{- $isOutside := or .Values.ingress.enabled (ne .Values.service.type "ClusterIP") -}}
{{- if and $isOutside (include "llm-gateway.isAnonymous" .) (not .Values.allowAnonymous) -}}
{{- fail "This would open a gateway to the outside that answers calls without a key: whoever reaches it can spend your money. Set config.auth.anonymous=false and config.auth.keys, or allowAnonymous=true where something before it asks who calls." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress.hosts is empty: give [{ host: llm.example.com }]." -}}
{{- end -}}
{{- if and .Values.redis.url .Values.redis.existingSecret -}}
{{- fail "Give redis.url or redis.existingSecret, one of them." -}}
{{- end -}}
{{- if and .Values.adminToken.value .Values.adminToken.existingSecret -}}
{{- fail "Give adminToken.value or adminToken.existingSecret, one of them." -}}
{{- end -}}
{{- range $name, $given := .Values.providers -}}
{{- if and (default dict $given).apiKey (default dict $given).existingSecret -}}
{{- fail (printf "Give providers.%s.apiKey or providers.%s.existingSecret, one of them." $name $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
