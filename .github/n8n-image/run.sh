#!/bin/sh
# Runs inside n8n's image: unpacks the node as n8n's installer does, and executes one workflow.
set -eu
n8n --version
node=~/.n8n/nodes/node_modules/n8n-nodes-capillary
mkdir -p "$node"
tar -xzf /test/n8n-nodes-capillary-*.tgz --strip-components=1 -C "$node"
n8n import:credentials --input=/test/credential.json
n8n import:workflow --input=/test/workflow.json
n8n execute --id=n8nImageSmoke001
