#include "check/base_flow.hpp"

#include <stdexcept>

namespace flowship::check {

namespace {

constexpr const char* kSignUpMetadata = R"json({
  "componentsVersion": "2.0.513",
  "description": "New users sign up with a code by e-mail 👋",
  "disabled": false,
  "fingerprint": false,
  "name": "Sign Up",
  "references": {
    "connectors": {
      "CRM webhook": "CI2xUbTq0cWJr8sKfYp3HdZ1vQnAe"
    },
    "roles": [
      "Member"
    ]
  },
  "screens": [
    "verify-code",
    "welcome"
  ],
  "sharedInteractions": [
    {
      "id": "9.success",
      "type": "success"
    }
  ],
  "translation": {
    "enabled": true,
    "sourceLanguage": "en",
    "targetLanguages": [
      "he"
    ]
  }
}
)json";

constexpr const char* kSignUpContents = R"json({
  "startTask": "0",
  "tasks": {
    "0": {
      "id": "0",
      "inputsMetadata": [
        {
          "displayName": "Email",
          "key": "email"
        }
      ],
      "name": "Welcome",
      "next": {
        "rules": [
          {
            "interactionId": "sendCode01",
            "taskId": "1"
          },
          {
            "interactionId": "googleBtn1",
            "taskId": "6"
          }
        ]
      },
      "screenId": "SC2xUaWelcome0000000000000001",
      "type": "screen",
      "view": {
        "x": 240.7857041394217,
        "y": 408
      }
    },
    "1": {
      "action": "sign-up-otp-email",
      "arguments": {
        "providerId": {
          "type": "inline",
          "value": ""
        }
      },
      "errorHandlingV2": {
        "UserExists": {
          "errorHandlingType": "custom"
        }
      },
      "id": "1",
      "name": "Sign Up / OTP / Email",
      "next": {
        "rules": [
          {
            "interactionId": "success",
            "taskId": "2"
          },
          {
            "interactionId": "UserExists",
            "taskId": "0"
          }
        ]
      },
      "type": "automated"
    },
    "2": {
      "id": "2",
      "name": "Verify Code",
      "next": {
        "rules": [
          {
            "interactionId": "verifyCode",
            "taskId": "3"
          },
          {
            "interactionId": "resend",
            "taskId": "1"
          }
        ]
      },
      "screenId": "SC2xUaVerify00000000000000002",
      "type": "screen"
    },
    "3": {
      "conditions": [
        {
          "atomicConditions": [
            {
              "operator": "is-true",
              "predicate": {
                "type": "inline",
                "value": ""
              },
              "target": {
                "type": "context",
                "value": "user.isNew"
              }
            }
          ],
          "interactionId": "8i3m9aysw6w",
          "name": "New user"
        },
        {
          "interactionId": "ELSE",
          "name": "Known user"
        }
      ],
      "id": "3",
      "name": "New user?",
      "next": {
        "rules": [
          {
            "interactionId": "8i3m9aysw6w",
            "taskId": "4"
          },
          {
            "interactionId": "ELSE",
            "taskId": "9"
          }
        ]
      },
      "type": "condition"
    },
    "4": {
      "arguments": {
        "flowId": {
          "type": "inline",
          "value": "collect-profile"
        }
      },
      "id": "4",
      "name": "Collect profile",
      "next": {
        "rules": [
          {
            "interactionId": "1.success",
            "taskId": "5"
          }
        ]
      },
      "type": "flow"
    },
    "5": {
      "action": "connector",
      "arguments": {
        "args": {
          "type": "inline",
          "value": [
            {
              "key": "endpoint",
              "type": "string",
              "value": "/contacts"
            },
            {
              "key": "headers",
              "type": "string",
              "value": "Bearer {{secrets.crm}}"
            }
          ]
        },
        "connectorId": {
          "type": "inline",
          "value": "CI2xUbTq0cWJr8sKfYp3HdZ1vQnAe"
        },
        "exchangeStepId": {
          "type": "inline",
          "value": ""
        }
      },
      "id": "5",
      "name": "Tell the CRM",
      "next": {
        "rules": [
          {
            "interactionId": "success",
            "taskId": "9"
          }
        ]
      },
      "type": "automated"
    },
    "6": {
      "action": "oauth-start",
      "arguments": {
        "exchangeStepId": {
          "type": "inline",
          "value": "6.end"
        },
        "redirectUrl": {
          "type": "inline",
          "value": "https://example.com/done"
        }
      },
      "id": "6",
      "name": "Sign Up / OAuth",
      "next": {
        "rules": [
          {
            "taskId": "6.end"
          }
        ]
      },
      "type": "automated"
    },
    "6.end": {
      "action": "exchange-oauth-code",
      "id": "6.end",
      "name": "Sign Up / OAuth",
      "next": {
        "rules": [
          {
            "interactionId": "success",
            "taskId": "3"
          }
        ]
      },
      "type": "automated"
    },
    "9": {
      "action": "logged-in",
      "id": "9",
      "name": "End",
      "next": {},
      "type": "automated"
    },
    "start": {
      "id": "start",
      "name": "start",
      "next": {
        "rules": [
          {
            "interactionId": "",
            "taskId": "0"
          }
        ]
      }
    }
  }
}
)json";

constexpr const char* kWelcomeScreen = R"json({
  "contents": {
    "ROOT": {
      "custom": {},
      "displayName": "Container",
      "hidden": false,
      "isCanvas": true,
      "linkedNodes": {},
      "nodes": [
        "boxNode001",
        "greeting01"
      ],
      "props": {
        "id": "ROOT"
      },
      "type": {
        "resolvedName": "Container"
      }
    },
    "boxNode001": {
      "displayName": "Container",
      "linkedNodes": {
        "header": "googleBtn1"
      },
      "nodes": [
        "sendCode01"
      ],
      "parent": "ROOT",
      "type": {
        "resolvedName": "Container"
      }
    },
    "googleBtn1": {
      "displayName": "Google Button",
      "linkedNodes": {},
      "nodes": [],
      "parent": "boxNode001",
      "props": {
        "children": "Weiter mit Google"
      }
    },
    "greeting01": {
      "displayName": "Text",
      "linkedNodes": {},
      "nodes": [],
      "parent": "ROOT",
      "props": {
        "children": "שלום {{user.name}} 🎉"
      }
    },
    "sendCode01": {
      "displayName": "Button",
      "linkedNodes": {},
      "nodes": [],
      "parent": "boxNode001",
      "props": {
        "children": "Send code"
      }
    }
  },
  "interactions": [
    {
      "icon": "",
      "id": "sendCode01",
      "label": "Send code",
      "subType": "",
      "type": "button"
    },
    {
      "id": "googleBtn1",
      "label": "Google",
      "subType": "social",
      "type": "button"
    }
  ],
  "screenId": "SC2xUaWelcome0000000000000001"
}
)json";

constexpr const char* kVerifyScreen = R"json({
  "contents": {
    "ROOT": {
      "linkedNodes": {},
      "nodes": [
        "verifyCode"
      ]
    },
    "verifyCode": {
      "linkedNodes": {},
      "nodes": [],
      "parent": "ROOT"
    }
  },
  "interactions": [
    {
      "id": "verifyCode",
      "type": "button"
    }
  ],
  "screenId": "SC2xUaVerify00000000000000002"
}
)json";

constexpr const char* kProfileMetadata = R"json({
  "name": "Collect profile",
  "screens": [],
  "sharedInteractions": [
    {
      "id": "1.success",
      "label": "Success",
      "type": "success"
    }
  ]
}
)json";

constexpr const char* kProfileContents = R"json({
  "startTask": "1",
  "tasks": {
    "1": {
      "action": "update-user-properties",
      "id": "1",
      "next": {},
      "type": "automated"
    }
  }
}
)json";

void apply(Files& files, const Edit& edit) {
  if (edit.from.empty()) {
    if (edit.to.empty()) {
      files.erase(edit.path);
    } else {
      files[edit.path] = edit.to;
    }
    return;
  }
  std::string& text = files.at(edit.path);
  const std::size_t at = text.find(edit.from);
  if (at == std::string::npos || text.find(edit.from, at + 1) != std::string::npos) {
    throw std::logic_error(edit.path + " does not have exactly one: " + edit.from);
  }
  text.replace(at, edit.from.size(), edit.to);
}

}  // namespace

const Files& base_repository() {
  static const Files kFiles = {
      {"flows/flows.json", "{\n  \"flows\": [\n    \"collect-profile\",\n    \"sign-up\"\n  ]\n}\n"},
      {"flows/collect-profile/contents.json", kProfileContents},
      {"flows/collect-profile/metadata.json", kProfileMetadata},
      {"flows/sign-up/contents.json", kSignUpContents},
      {"flows/sign-up/metadata.json", kSignUpMetadata},
      {"flows/sign-up/screen-verify-code.json", kVerifyScreen},
      {"flows/sign-up/screen-welcome.json", kWelcomeScreen},
  };
  return kFiles;
}

Files edited(Files files, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) apply(files, edit);
  return files;
}

flow::Reading read(const Files& files, const std::set<std::string>& symlinks) {
  std::vector<git::Entry> entries;
  for (const auto& [path, text] : files) {
    entries.push_back({path, symlinks.count(path) != 0 ? git::EntryKind::symlink : git::EntryKind::file, {}});
  }
  return flow::read_flows(entries, {}, [&](const git::Entry& entry) { return files.at(entry.path); });
}

json::Position position_of(const Files& files, const std::string& path, std::string_view needle) {
  constexpr std::string_view kMark = "¦";
  const std::string& text = files.at(path);
  const std::size_t mark = needle.find(kMark);
  std::string plain(needle);
  if (mark != std::string::npos) plain.erase(mark, kMark.size());
  std::size_t at = text.find(plain);
  if (at == std::string::npos) throw std::logic_error(path + " does not have: " + plain);
  if (mark != std::string::npos) at += mark;
  json::Position position;
  for (std::size_t index = 0; index < at; ++index) {
    if ((static_cast<unsigned char>(text[index]) & 0xC0U) == 0x80U) continue;
    position.column = text[index] == '\n' ? 1 : position.column + 1;
    position.line += text[index] == '\n' ? 1 : 0;
  }
  return position;
}

std::string listed(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column) + ": " +
            std::string(to_text(finding.severity)) + ": " + finding.message + " [" + finding.rule + "]\n";
  }
  return text;
}

}  // namespace flowship::check
