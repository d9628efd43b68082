{{- define "escalation.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "escalation.selector" -}}
app.kubernetes.io/name: escalation
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "escalation.labels" -}}
{{ include "escalation.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: escalation-signals
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "escalation.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "escalation.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "escalation.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "escalation.sasl" -}}
{{- if hasPrefix "SASL" .Values.kafka.securityProtocol -}}yes{{- end -}}
{{- end -}}

{{- define "escalation.tls" -}}
{{- if hasSuffix "SSL" .Values.kafka.securityProtocol -}}yes{{- end -}}
{{- end -}}

{{/* What a container of any stage may do: nothing but run. */}}
{{- define "escalation.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "escalation.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* The pod of one stage; called with a dict of root, stage and values. */}}
{{- define "escalation.pod" -}}
{{- $root := .root -}}
{{- $stage := .stage -}}
metadata:
  labels:
    {{- include "escalation.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $stage }}
  annotations:
    # New settings start new pods.
    checksum/settings: {{ include (print $root.Template.BasePath "/configmap.yaml") $root | sha256sum }}
    {{- with $root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "escalation.serviceAccount" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "escalation.podSecurity" $root | nindent 4 }}
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: {{ $root.Values.topologySpread.whenUnsatisfiable }}
      labelSelector:
        matchLabels:
          {{- include "escalation.selector" $root | nindent 10 }}
          app.kubernetes.io/component: {{ $stage }}
    {{- end }}
  containers:
    - name: {{ $stage }}
      image: {{ include "escalation.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [worker, --stage, {{ $stage }}]
      envFrom:
        - configMapRef:
            name: {{ include "escalation.fullname" $root }}
      {{- include "escalation.env" . | nindent 6 }}
      ports:
        - name: http
          containerPort: 8473
      # Twice a minute is enough for a start of a second or two; recovery of state takes longer.
      startupProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 3
        failureThreshold: 40
      livenessProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 5
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        {{- include "escalation.containerSecurity" $root | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if include "escalation.tls" $root }}
        - name: kafka-ca
          mountPath: /etc/escalation/kafka
          readOnly: true
        {{- end }}
        {{- if $root.Values.kafka.clientSecret }}
        - name: kafka-client
          mountPath: /etc/escalation/client
          readOnly: true
        {{- end }}
        {{- if include "escalation.sasl" $root }}
        - name: kafka-password
          mountPath: /etc/escalation/sasl
          readOnly: true
        {{- end }}
        {{- if and (eq $stage "delivery") $root.Values.delivery.webhooksSecret }}
        - name: webhooks
          mountPath: /etc/escalation/webhooks
          readOnly: true
        {{- end }}
        {{- if and (eq $stage "page") $root.Values.page.tokensSecret }}
        - name: tokens
          mountPath: /etc/escalation/tokens
          readOnly: true
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 256Mi
    {{- if include "escalation.tls" $root }}
    - name: kafka-ca
      secret:
        secretName: {{ required "kafka.caSecret is needed for TLS" $root.Values.kafka.caSecret }}
        items: [{ key: {{ $root.Values.kafka.caKey }}, path: ca.crt }]
    {{- end }}
    {{- with $root.Values.kafka.clientSecret }}
    - name: kafka-client
      secret:
        secretName: {{ . }}
        items: [{ key: user.crt, path: user.crt }, { key: user.key, path: user.key }]
    {{- end }}
    {{- if include "escalation.sasl" $root }}
    - name: kafka-password
      secret:
        secretName: {{ required "kafka.passwordSecret is needed for SASL" $root.Values.kafka.passwordSecret }}
        items: [{ key: {{ $root.Values.kafka.passwordKey }}, path: password }]
    {{- end }}
    {{- if and (eq $stage "delivery") $root.Values.delivery.webhooksSecret }}
    - name: webhooks
      secret:
        secretName: {{ $root.Values.delivery.webhooksSecret }}
    {{- end }}
    {{- if and (eq $stage "page") $root.Values.page.tokensSecret }}
    - name: tokens
      secret:
        secretName: {{ $root.Values.page.tokensSecret }}
    {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* Environment that differs by stage or comes from elsewhere than the ConfigMap. */}}
{{- define "escalation.env" -}}
{{- $root := .root -}}
{{- $env := list -}}
{{- if eq .stage "incidents" -}}
{{- $env = append $env (dict "name" "ESCALATION_GROUP_INSTANCE" "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.name"))) -}}
{{- end -}}
{{- if and (eq .stage "delivery") $root.Values.delivery.webhooksSecret -}}
{{- $env = append $env (dict "name" "ESCALATION_WEBHOOKS_FILE" "value" "/etc/escalation/webhooks/webhooks.toml") -}}
{{- end -}}
{{- if and (eq .stage "page") $root.Values.page.tokensSecret -}}
{{- $env = append $env (dict "name" "ESCALATION_PAGE_TOKENS_FILE" "value" "/etc/escalation/tokens/tokens") -}}
{{- end -}}
{{- with $env -}}
env:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* The release's own name for each default name of a topic or group. */}}
{{- define "escalation.names" -}}
{{- $t := .Values.topics -}}
{{- $names := dict
  "news.items" $t.items
  "escalation.signals" $t.signals
  "escalation.alerts" $t.alerts
  "escalation.tension" $t.tension
  "escalation.feedback" $t.feedback
  "news.items.dlq" $t.deadLetters
  "escalation.webhooks.dlq" $t.webhooksDeadLetters
-}}
{{- range (.Files.Get "files/kafka.json" | fromJson).acls -}}
{{- if and (hasPrefix "escalation-" .name) (not (hasKey $names .name)) -}}
{{- $_ := set $names .name (printf "%s-%s" $.Values.group (trimPrefix "escalation-" .name)) -}}
{{- end -}}
{{- end -}}
{{- $names | toJson -}}
{{- end -}}

{{/* The stages that run, with blanks between them. */}}
{{- define "escalation.stages" -}}
score incidents{{ if .Values.page.enabled }} page{{ end }}{{ if .Values.delivery.webhooksSecret }} delivery{{ end }}
{{- end -}}
