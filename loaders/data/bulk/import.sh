#!/bin/sh
# Imports this folder into a new Neo4j database. Usage: sh import.sh [OPTIONS] [DATABASE]; see README.txt.
cd "$(dirname "$0")" || exit 1
exec "${NEO4J_ADMIN:-neo4j-admin}" database import full @import.args "$@"
