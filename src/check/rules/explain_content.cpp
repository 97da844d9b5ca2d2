// Explanations of the rules on references, screens and secrets.

#include "check/rules/explanation.hpp"

namespace flowship::check {

namespace {

constexpr Explanation kContent[] = {
    {"missing-connector",
     "In another project the connector has another id, and flowship can map only what `references` names.",
     R"(a task with the connector id CI2abc, and "references": {"connectors": {}})",
     "Add the connector to `references.connectors` of the flow."},
    {"unused-connector", "It is left over, and suggests a dependency that the flow does not have.",
     R"("references": {"connectors": {"SMTP": "CI2abc"}}, which no task uses)",
     "Remove it from `references.connectors`."},
    {"unmapped-connector", "The id of another project would be sent.",
     R"("connectors": {"SMTP": "CI2abc"} in the environment, and a flow that uses `SMS`)",
     "Add the connector's id in that project to `connectors` of the environment in flowship.json."},
    {"unmapped-role", "The id of another project would be sent.",
     R"("roles": {"Admin": "ROL2abc"} in the environment, and a flow that uses `Editor`)",
     "Add the role's id in that project to `roles` of the environment in flowship.json."},
    {"unmatched-name", "The setting has no effect, mostly because of a typo.",
     R"("set": {"sing-up": {"/metadata/disabled": true}})", "Correct the name in flowship.json, or remove the entry."},
    {"node-root", "The screen can't be drawn.", R"("contents": {"a1": {"parent": "ROOT"}}, with no node `ROOT`)",
     "Add the node `ROOT`."},
    {"node-child", "A part of the screen is missing.", R"("ROOT": {"nodes": ["a1"]}, with no node a1)",
     "Add the node, or remove the child."},
    {"node-parents", "It is not clear where the node belongs.", R"("a1" in `nodes` of two nodes)",
     "List it once, in one node."},
    {"node-parent", "It is not clear where the node belongs.", R"("a1": {"parent": "b2"}, though ROOT lists a1)",
     "Make `parent` name the node that lists it."},
    {"loose-node", "It is never shown; often it was meant to be part of the screen.", "a node a1 that no node lists",
     "List it in the `nodes` of its parent, or remove it."},
    {"management-key", "Everybody who can read the repository or the flow could change the whole project.",
     R"({"apiKey": "K2…"})", "Remove it, revoke the key in the console, and use a connector."},
    {"private-key", "Everybody who can read the repository or the flow could use the key.",
     R"({"key": "-----BEGIN … KEY-----…"})", "Remove it, replace the key, and use a connector."},
    {"jwt", "Whoever reads it may act as the user or service that it was issued to.", R"({"token": "eyJ….….…"})",
     "Remove it, revoke the token, and pass one at run time."},
    {"provider-token", "Everybody who can read the repository or the flow could use the account.",
     R"({"token": "ghp_…"})", "Remove it, revoke the token at the provider, and use a connector."},
    {"bearer-token", "Everybody who can read the repository or the flow could call the API.",
     R"({"Authorization": "Bearer …"})", "Remove it, revoke the token, and use a connector."},
    {"basic-authorization", "It is a user name and a password, merely encoded.", R"({"Authorization": "Basic …"})",
     "Remove it, change the password, and use a connector."},
    {"url-credentials", "The password is readable in the repository, in the flow and in logs.",
     R"("https://user:…@host/path")", "Remove the password from the URL, change it, and use a connector."},
    {"insecure-url", "Everybody on the way can read and change what is sent, codes and tokens included.",
     R"({"redirectUrl": "http://example.com/done"})", "Use `https://`."},
};

}  // namespace

std::span<const Explanation> content_explanations() { return kContent; }

}  // namespace flowship::check
