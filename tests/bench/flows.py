"""Made-up flows in snapshot layout: a graph of tasks, and screens that are trees of nodes, sized as real ones are.

A flow is rendered from templates, which are JSON texts with "@name@" where every flow has its own value. That is some
thirty times as fast as printing JSON, and 10,000 flows are 350 MB.
"""
import functools
import json
import random
import re
import string

LETTERS = string.ascii_letters + string.digits
KINDS = ["sign-up", "sign-in", "step-up", "mfa", "reset-password", "invite", "passkeys", "verify", "join", "leave"]
ACTIONS = ["sign-up-otp-email", "verify-code-otp-email", "update-user", "sign-in-otp-sms", "verify-code-otp-sms"]
HEADLINES = ["Welcome back 👋, {{user.name}}", "أهلا بك {{user.name}}", "Schön, dass du da bist, {{user.name}}"]
OAUTH, CONNECTOR, SUBFLOW, LAST = "oauth", "connector", "subflow", "last"


def flow_id(index):
    return f"{KINDS[index % len(KINDS)]}-{index:05}"


def screens_of(index):
    """How many screens the flow has: 3 to 8."""
    return 3 + index * 7 % 6


def has_subflow(index):
    return index % 5 == 4


def has_connector(index):
    return index % 3 == 0


# ---- templates


class Template:
    def __init__(self, value):
        text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        pieces = re.split(r'"@(\w+)@"', text)
        self.pieces, self.names = pieces[0::2], pieces[1::2]

    def render(self, values):
        """The text with each "@name@" replaced by values[name], which is JSON."""
        out = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:]):
            out += values[name], piece
        return "".join(out)


def inline(value):
    return {"type": "inline", "value": value}


def task(key, name, rules, **members):
    return {"id": key, "name": name, "view": {"x": "@x@", "y": "@y@"}, **members,
            "next": {"rules": [{"interactionId": on, "taskId": to} for on, to in rules]} if rules else {}}


def automated(key, name, action, rules, **arguments):
    errors = {error: {"errorHandlingType": "automatic"} for error in ("NoProvider", "NoUser")}
    return task(key, name, rules, type="automated", action=action, errorHandlingV2=errors,
                arguments={"templateId": inline(""), "redirectUrl": inline("https://app.example.com/after-login"),
                           **{name: inline(value) for name, value in arguments.items()}})


def choice(key, name, interaction, then, otherwise):
    verified = {"type": "context", "value": "user.verifiedEmail"}
    atom = {"operator": "is-true", "predicate": inline(""), "target": verified}
    return task(key, name, [(interaction, then), ("ELSE", otherwise)], type="condition", conditions=[
        {"atomicConditions": [atom], "interactionId": interaction, "logicalOr": False, "name": "Yes"},
        {"atomicConditions": [], "interactionId": "ELSE", "name": "No"}])


@functools.cache
def contents(screens, subflow, connector):
    """start, a condition, each screen with the action that its button starts, and an end."""
    after = ["screen%d" % n for n in range(1, screens)] + [CONNECTOR if connector else SUBFLOW if subflow else LAST]
    tasks = [
        task("start", "start", [("", "0")]),
        choice("0", "Is the address verified?", "@yes@", "screen0", OAUTH),
        automated(OAUTH, "Sign In / OAuth", "oauth-start-sign-in", [("success", OAUTH + ".end")],
                  exchangeStepId=OAUTH + ".end", defaultProvider="google"),
        automated(OAUTH + ".end", "Sign In / OAuth", "exchange-oauth-code", [("success", "screen0")],
                  exchangeStepId=OAUTH + ".end", defaultProvider="google"),
        automated(LAST, "Generate JWT", "logged-in", []),
    ]
    for n in range(screens):
        action = f"action{n}"
        inputs = [{"displayName": "Email", "key": "email"}, {"displayName": "Name", "key": "fullName"}]
        tasks.append(task(f"screen{n}", f"Screen {n}", [(f"@submit{n}@", action), (f"@link{n}@", OAUTH)], type="screen",
                          screenId=f"@screen{n}@", calculatedInputKeys=True, allInputKeys=["email", "fullName"],
                          inputsMetadata=inputs, contextKeys=["sentTo.maskedEmail", "user.name"]))
        tasks.append(automated(action, f"Action {n}", ACTIONS[n % len(ACTIONS)], [("success", after[n])]))
    if connector:
        tasks.append(automated(CONNECTOR, "Check for fraud", "connector", [("success", SUBFLOW if subflow else LAST)],
                               connectorId="@connector@"))
    if subflow:
        tasks.append(task(SUBFLOW, "Another flow", [("last.success", LAST)], type="flow",
                          arguments={"flowId": inline("@subflow@")}))
    return Template({"startTask": "0", "tasks": {each["id"]: each for each in tasks}})


def node(kind, parent, nodes=(), **props):
    return {"custom": {}, "displayName": kind, "hidden": False, "isCanvas": kind == "Container", "linkedNodes": {},
            "nodes": list(nodes), "parent": parent, "type": {"resolvedName": kind},
            "props": {"full-width": True, "size": "md", **props}}


@functools.cache
def screen():
    """A form with a title, two inputs, a button and a link."""
    form = ["@email@", "@name@", "@submit@"]
    nodes = {
        "ROOT": node("Container", None, ["@title@", "@text@", "@form@", "@link@", "@error@"], direction="column"),
        "@title@": node("Text", "ROOT", children="@headline@", mode="primary", italic=False),
        "@text@": node("Text", "ROOT", children="Use the address that {{tenant.name}} knows you by."),
        "@form@": node("Container", "ROOT", form, direction="column", align="center"),
        "@email@": node("Input", "@form@", label="Email", name="email", type="email", required=True),
        "@name@": node("Input", "@form@", label="Name", name="fullName", type="text", required=False),
        "@submit@": node("Button", "@form@", children="Continue →", color="primary", id="@submit@"),
        "@link@": node("Link", "ROOT", children="Continue with Google", id="@link@", target="_self"),
        "@error@": node("ErrorMessage", "ROOT", **{"data-type": "error-message", "hide-when-empty": True}),
    }
    del nodes["ROOT"]["parent"]
    interactions = [{"icon": "", "id": each, "label": label, "subType": "", "type": kind}
                    for each, label, kind in (("@submit@", "Continue", "button"), ("@link@", "Google", "link"))]
    return Template({"screenId": "@screen@", "interactions": interactions, "contents": nodes})


@functools.cache
def metadata(screens, connector):
    shared = {"icon": "", "id": "last.success", "label": "Done", "subType": "", "type": "success"}
    return Template({
        "name": "@name@", "description": "Made up to measure with.", "componentsVersion": "2.0.527", "disabled": False,
        "fingerprint": False, "widget": False, "sharedInteractions": [shared], "screens": screen_names(screens),
        "translation": {"connectorId": "", "enabled": False, "sourceLanguage": "en", "targetLanguages": ["de", "he"]},
        **({"references": {"connectors": {"Fraud Check": "@connector@"}}} if connector else {})})


# ---- flows


def screen_names(screens):
    return [f"step-{n}" for n in range(screens)]


def token(rng, length=10):
    return '"' + "".join(rng.choices(LETTERS, k=length)) + '"'


def files(index, seed=0, greeting=None):
    """The flow's files, name by text, the same for the same index and seed; greeting replaces the first title."""
    rng = random.Random(f"{seed}/{index}")
    count, subflow, connector = screens_of(index), has_subflow(index), has_connector(index)
    own = {"x": repr(rng.uniform(0, 4000)), "y": repr(rng.uniform(0, 2000)), "yes": token(rng),
           "name": json.dumps(flow_id(index).replace("-", " ").title()),
           "connector": '"CI' + token(rng, 27)[1:], "subflow": json.dumps(flow_id(max(index - 1, 0)))}
    out = {}
    for n, name in enumerate(screen_names(count)):
        of_screen = {each: token(rng) for each in ("title", "text", "form", "email", "name", "submit", "link", "error")}
        of_screen["screen"] = '"SC2' + token(rng, 26)[1:]
        headline = rng.choice(HEADLINES)
        of_screen["headline"] = json.dumps(greeting if greeting and n == 0 else headline, ensure_ascii=False)
        own.update({f"{each}{n}": of_screen[each] for each in ("screen", "submit", "link")})
        out[f"screen-{name}.json"] = screen().render(of_screen)
    out["metadata.json"] = metadata(count, connector).render(own)
    out["contents.json"] = contents(count, subflow, connector).render(own)
    return out
