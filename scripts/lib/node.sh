# Finds or provides a Node.js new enough for the dashboard's tools. Sourced by the
# scripts that run any of them.

is_node_new_enough() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1);
    ' 2>/dev/null
}

# What was provided before is found by its place.
use_node() { is_node_new_enough || export PATH="$PWD/.node/bin:$PATH"; }

# It comes as a Python package, so nothing of the system changes.
provide_node() {
    use_node
    is_node_new_enough && return
    say "Installing Node.js into .node/"
    .tools/bin/uv venv --quiet --clear --python .tools/bin/python .node
    .tools/bin/uv pip install --quiet --python .node/bin/python --requirement requirements/node.txt
    is_node_new_enough
}
