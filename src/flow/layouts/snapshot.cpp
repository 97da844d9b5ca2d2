#include "base/files/path.hpp"
#include "base/text/printable.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/layouts/object_text.hpp"
#include "flow/layouts/screen_names.hpp"
#include "json/assembly.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::flow {

namespace {

constexpr std::string_view kMetadata = "metadata.json";
constexpr std::string_view kContents = "contents.json";
constexpr std::string_view kScreenPrefix = "screen-";
constexpr std::string_view kScreenSuffix = ".json";

/// What a folder contains, by file names.
struct FolderFiles {
  bool metadata = false;
  bool contents = false;
  bool screen = false;
};

FolderFiles files_of(const Files& files, const Place& place) {
  FolderFiles found;
  for (std::size_t index = place.first; index < place.last; ++index) {
    const std::string_view name = files.name(index);
    found.metadata = found.metadata || name == kMetadata;
    found.contents = found.contents || name == kContents;
    found.screen = found.screen || !screen_name(name).empty();
  }
  return found;
}

bool mentions(Files& files, const Place& place, std::string_view name, std::string_view text) {
  for (std::size_t index = place.first; index < place.last; ++index) {
    if (files.name(index) == name && files.is_regular(index)) {
      return files.text(index).find(text) != std::string::npos;
    }
  }
  return false;
}

/// Whether `name` is safe between `screen-` and `.json`: it must not lead to another folder.
bool is_file_name(std::string_view name) {
  return !name.empty() && name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos &&
         name.find("..") == std::string_view::npos;
}

class SnapshotReader {
 public:
  SnapshotReader(Files& files, const Place& place, std::vector<Problem>& problems)
      : files_(files), place_(place), problems_(problems) {
    flow_.id = name_of(place.path);
    flow_.source.layout = Layout::snapshot;
    flow_.source.path = place.path;
  }

  Flow read() {
    sort_files();
    take_metadata();
    flow_.contents = root_of(ProblemKind::missing_contents, kContents);
    take_screens();
    return std::move(flow_);
  }

 private:
  void sort_files() {
    for (std::size_t index = place_.first; index < place_.last; ++index) {
      const std::string_view name = files_.name(index);
      if (is_snapshot_file(name)) by_name_.emplace(name, index);
      if (!files_.is_regular(index)) {
        report_link(index);
      } else if (is_snapshot_file(name)) {
        flow_.source.files.push_back(files_.entry(index));
      }
    }
  }

  void report(ProblemKind kind, std::string message, std::string hint, std::string path, json::Position position = {}) {
    problems_.push_back({kind, std::move(message), std::move(hint), std::move(path), position, flow_.id});
  }

  void report_link(std::size_t index) {
    const bool is_link = files_.entry(index).kind == git::EntryKind::symlink;
    report(ProblemKind::not_a_file,
           std::string(is_link ? "this is a symbolic link" : "this is a submodule") +
               ", which is not followed, in the folder of the flow `" + printable(flow_.id) + "`",
           "replace it with the file itself", files_.path(index));
  }

  /// The root of metadata.json or contents.json; absent (and the flow incomplete) if it is missing or unreadable.
  json::Value root_of(ProblemKind if_missing, std::string_view name) {
    const auto found = by_name_.find(name);
    if (found != by_name_.end()) return root_of(found->second);
    report_missing(if_missing, name, "add the file, or remove the rest of the flow's folder");
    return {};
  }

  /// The root of a file; absent (and the flow incomplete) if it is a link or not JSON.
  json::Value root_of(std::size_t index) {
    if (files_.is_regular(index)) {
      const json::ReadResult& result = files_.parsed(index);
      if (result.document != nullptr) {
        flow_.documents.push_back(result.document);
        return result.document->root();
      }
      problems_.push_back(syntax_problem(files_.path(index), *result.fault, flow_.id));
    }
    flow_.complete = false;
    return {};
  }

  void report_missing(ProblemKind kind, std::string_view name, std::string hint) {
    flow_.complete = false;
    report(kind, "the flow `" + printable(flow_.id) + "` has no " + printable(name), std::move(hint),
           place_.path + "/" + std::string(name));
  }

  void take_metadata() {
    flow_.metadata_at = root_of(ProblemKind::missing_metadata, kMetadata);
    for (const Field& field : fields_of(flow_.metadata_at)) {
      if (field.name == "screens") {
        flow_.screens_at = field.value;
      } else if (field.name == "references") {
        flow_.references = field.value;
      } else if (field.name == "flowId") {
        check_id(field.value);
      } else {
        flow_.metadata.push_back(field);
      }
    }
  }

  void check_id(json::Value value) {
    if (value.is_string(flow_.id)) return;
    report(ProblemKind::id_mismatch,
           "`flowId` is " + message_text(value.text()) + ", but the folder is named `" + printable(flow_.id) + "`",
           "the folder name is the flow's id: rename the folder, or remove `flowId`", value.document().name(),
           value.position());
  }

  /// In the list's order. If the list can't be read, all screens are taken.
  void take_screens() {
    const bool is_list = flow_.screens_at.is(json::Type::array);
    const bool is_no_list =
        flow_.screens_at ? flow_.screens_at.is(json::Type::null) : flow_.metadata_at.is(json::Type::object);
    if (!is_list && !is_no_list) {
      flow_.complete = false;
      for (const auto& [name, index] : by_name_) {
        if (!screen_name(name).empty()) take_screen(std::string(screen_name(name)), index);
      }
      return;
    }
    std::set<std::string> listed;
    for (const json::Value item : flow_.screens_at.items()) take_listed(item, listed);
    for (const auto& [name, index] : by_name_) {
      if (!screen_name(name).empty() && listed.count(std::string(screen_name(name))) == 0) report_unlisted(index);
    }
  }

  void take_listed(json::Value item, std::set<std::string>& listed) {
    const std::string name = string_of(item);
    if (!is_file_name(name)) {
      report_bad_name(item, message_text(item.text()) + " is not a valid name for a screen file");
      flow_.complete = false;
      return;
    }
    if (!listed.insert(name).second) {
      report_bad_name(item, "`screens` lists `" + printable(name) + "` twice");
      return;
    }
    const std::string file = std::string(kScreenPrefix) + name + std::string(kScreenSuffix);
    const auto found = by_name_.find(file);
    if (found == by_name_.end()) {
      report_missing(ProblemKind::missing_screen, file,
                     "add the file, or remove `" + printable(name) + "` from `screens` in metadata.json");
      return;
    }
    take_screen(name, found->second);
  }

  void take_screen(const std::string& name, std::size_t index) {
    const json::Value root = root_of(index);
    if (!root) return;
    Screen& screen = flow_.screens.emplace_back(screen_of(root));
    screen.file_name = name;
  }

  void report_bad_name(json::Value at, std::string message) {
    report(ProblemKind::bad_screen_name, std::move(message),
           "list every screen once: `welcome` for screen-welcome.json", at.document().name(), at.position());
  }

  void report_unlisted(std::size_t index) {
    const std::string name = printable(screen_name(files_.name(index)));
    report(ProblemKind::unlisted_screen,
           "`screens` in metadata.json does not list `" + name + "`, so this screen is not deployed",
           "add `" + name + "` to `screens`, or remove the file", files_.path(index));
  }

  Files& files_;
  const Place& place_;
  std::vector<Problem>& problems_;
  Flow flow_;
  std::map<std::string_view, std::size_t> by_name_;
};

const json::Document* document_of(json::Value value) { return value ? &value.document() : nullptr; }

/// Refuses what a folder can't store: a part that is missing or malformed, members of the flow itself.
void require_parts(const Flow& flow) {
  const auto refuse = [&](const std::string& pointer) { refuse_to_store(flow, Layout::snapshot, pointer); };
  if (!flow.others.empty()) refuse("/" + flow.others.front().name);
  if (!flow.contents) refuse("the missing /contents");
  if (!json::is_empty(malformed_metadata(flow))) refuse("/metadata");
  if (!json::is_empty(malformed_screens(flow))) refuse("/screens");
  for (const char* name : {"flowId", "references", "screens"}) {
    if (find(flow.metadata, name) != nullptr) refuse(std::string("/metadata/") + name);
  }
}

/// The list `screens`: existing names in their order, new ones between them.
std::string list_text(const std::vector<std::string>& names, const Flow* existing) {
  std::vector<std::string> olds;
  if (existing != nullptr) {
    for (const Screen& screen : existing->screens) olds.push_back(screen.file_name);
  }
  return json::strings(json::merged_order(olds, names)).text();
}

/// metadata.json, which also has `screens` and `references`.
std::string metadata_text(const Flow& flow, const std::vector<std::string>& names, const Flow* existing) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const Field& field : flow.metadata) members.emplace_back(field.name, field.value.text());
  const bool by_name = std::is_sorted(members.begin(), members.end());
  const auto add = [&](const std::string& name, std::string text) {
    const auto place =
        by_name ? std::upper_bound(members.begin(), members.end(), std::pair(name, std::string())) : members.end();
    members.emplace(place, name, std::move(text));
  };
  if (existing != nullptr) {
    // It can only be the folder's name; the service does not need it.
    if (const json::Value id = existing->metadata_at.find("flowId")) add("flowId", std::string(id.text()));
  }
  if (flow.references) add("references", std::string(flow.references.text()));
  const bool has_list = flow.screens_at || !names.empty() || (existing != nullptr && existing->screens_at);
  if (has_list) add("screens", list_text(names, existing));
  ObjectText text(flow, Layout::snapshot);
  for (const auto& [name, value] : members) text.add(name, value, "/metadata/" + name);
  return text.text();
}

std::string screen_text(const Flow& flow, const Screen& screen) {
  if (const json::Value malformed = malformed_screen(screen)) return std::string(malformed.text());
  ObjectText text(flow, Layout::snapshot);
  text.add(screen.fields, "/screens/" + screen.id);
  return text.text();
}

}  // namespace

std::string_view screen_name(std::string_view file_name) {
  const std::size_t around = kScreenPrefix.size() + kScreenSuffix.size();
  const bool is_screen =
      file_name.size() > around && file_name.starts_with(kScreenPrefix) && file_name.ends_with(kScreenSuffix);
  return is_screen ? file_name.substr(kScreenPrefix.size(), file_name.size() - around) : std::string_view();
}

bool is_snapshot_file(std::string_view name) {
  return name == kMetadata || name == kContents || !screen_name(name).empty();
}

std::string source_of(std::string_view path) {
  return std::string(is_snapshot_file(name_of(path)) ? folder_of(path) : path);
}

bool is_snapshot(Files& files, const Place& place) {
  if (place.kind != Place::Kind::folder || place.path.empty()) return false;
  const FolderFiles found = files_of(files, place);
  if (place.known && (found.metadata || found.contents || found.screen)) return true;
  if (!place.expected) {
    return found.metadata && found.contents && mentions(files, place, kContents, "\"startTask\"");
  }
  if (found.screen || (found.metadata && found.contents)) return true;
  if (place.in_source) return found.metadata || found.contents;
  return mentions(files, place, kContents, "\"startTask\"") || mentions(files, place, kContents, "\"tasks\"") ||
         mentions(files, place, kMetadata, "\"screens\"");
}

Flow read_snapshot(Files& files, const Place& place, std::vector<Problem>& problems) {
  return SnapshotReader(files, place, problems).read();
}

FileChanges write_snapshot(const Flow& flow, const std::string& path, const Flow* existing) {
  require_parts(flow);
  const std::vector<std::string> names = screen_file_names(flow, existing);
  FileChanges changes;
  put_file(changes, path + "/metadata.json", existing == nullptr ? nullptr : document_of(existing->metadata_at),
           metadata_text(flow, names, existing), kEmptiesAbsent);
  put_file(changes, path + "/contents.json", existing == nullptr ? nullptr : document_of(existing->contents),
           std::string(flow.contents.text()), {});
  const auto file_of = [&](const std::string& name) { return path + "/screen-" + name + ".json"; };
  std::map<std::string, const json::Document*> there;
  if (existing != nullptr) {
    for (const Screen& screen : existing->screens) there[screen.file_name] = document_of(screen.at);
  }
  for (std::size_t number = 0; number < names.size(); ++number) {
    const auto old = there.find(names[number]);
    put_file(changes, file_of(names[number]), old == there.end() ? nullptr : old->second,
             screen_text(flow, flow.screens[number]), screen_rules());
    if (old != there.end()) there.erase(old);
  }
  for (const auto& [name, document] : there) changes[file_of(name)] = std::nullopt;
  return changes;
}

}  // namespace flowship::flow
