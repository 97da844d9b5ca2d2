#include "flow/layouts/object_text.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "json/edit.hpp"
#include "json/pointer.hpp"
#include "json/style.hpp"

namespace flowship::flow {

void refuse_to_store(const Flow& flow, Layout layout, const std::string& pointer) {
  throw Error("the layout `" + std::string(to_text(layout)) + "` can't store " + printable(pointer) + " of the flow `" +
                  printable(flow.id) + "`",
              "use another layout, or remove the value");
}

void ObjectText::add(const std::string& name, std::string_view text, const std::string& pointer) {
  if (!names_.insert(name).second) refuse_to_store(flow_, layout_, pointer);
  if (!members_.empty()) members_ += ',';
  members_.append(json::quoted(name)).append(":").append(text);
}

void ObjectText::add(const Fields& fields, const std::string& pointer) {
  for (const Field& field : fields) {
    add(field.name, field.value.text(), pointer + "/" + json::pointer_token(field.name));
  }
}

void put_file(FileChanges& changes, const std::string& path, const json::Document* old, const std::string& wanted,
              const json::PatchRules& rules) {
  const json::DocumentPtr document = json::Document::parse(wanted, path);
  if (old == nullptr) {
    changes[path] = json::styled(document->root(), {}) + "\n";
    return;
  }
  std::string text = json::patched(*old, document->root(), rules);
  if (text != old->text()) changes[path] = std::move(text);
}

const json::PatchRules& screen_rules() {
  static const json::MemberRules kMembers[] = {{"interactions", {.empties = json::Empties::absent}}};
  static const json::PatchRules kRules{.members = kMembers};
  return kRules;
}

}  // namespace flowship::flow
