#include "base/files/path.hpp"
#include "base/text/printable.hpp"
#include "flow/layouts/layouts.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace flowship::flow {

namespace {

constexpr std::string_view kMetadata = "metadata.json";
constexpr std::string_view kContents = "contents.json";
constexpr std::string_view kScreenPrefix = "screen-";
constexpr std::string_view kScreenSuffix = ".json";

/// What a folder holds, by its files' names alone.
struct Parts {
  bool metadata = false;
  bool contents = false;
  bool screen = false;
};

Parts parts_of(const Files& files, const Place& place) {
  Parts parts;
  for (std::size_t index = place.first; index < place.last; ++index) {
    const std::string_view name = files.name(index);
    parts.metadata = parts.metadata || name == kMetadata;
    parts.contents = parts.contents || name == kContents;
    parts.screen = parts.screen || !screen_name(name).empty();
  }
  return parts;
}

bool mentions(Files& files, const Place& place, std::string_view name, std::string_view text) {
  for (std::size_t index = place.first; index < place.last; ++index) {
    if (files.name(index) == name && files.is_regular(index)) {
      return files.text(index).find(text) != std::string::npos;
    }
  }
  return false;
}

/// Whether `name` can stand between `screen-` and `.json`: it must not lead anywhere else.
bool is_file_name(std::string_view name) {
  return !name.empty() && name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos &&
         name.find("..") == std::string_view::npos;
}

/// Reads one folder.
class Reader {
 public:
  Reader(Files& files, const Place& place, std::vector<Problem>& problems)
      : files_(files), place_(place), problems_(problems) {
    flow_.id = name_of(place.path);
    flow_.source.layout = Layout::snapshot;
    flow_.source.path = place.path;
  }

  Flow read() {
    sort_files();
    take_metadata();
    take_contents();
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

  void report_link(std::size_t index) {
    const bool is_link = files_.entry(index).kind == git::EntryKind::symlink;
    problems_.push_back({ProblemKind::not_a_file,
                         std::string(is_link ? "this is a symbolic link" : "this is a submodule") +
                             " in the folder of the flow `" + printable(flow_.id) + "`, and is not followed",
                         "put the file itself there",
                         files_.path(index),
                         {},
                         flow_.id});
  }

  /// The root of a file; absent (and the flow incomplete) when it is missing, no file, or not JSON.
  json::Value root_of(std::string_view name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) {
      flow_.complete = false;
      return {};
    }
    return root_of(found->second);
  }

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
    problems_.push_back({kind,
                         "the flow `" + printable(flow_.id) + "` has no " + printable(name),
                         std::move(hint),
                         place_.path + "/" + std::string(name),
                         {},
                         flow_.id});
  }

  void take_metadata() {
    if (by_name_.count(kMetadata) == 0) {
      report_missing(ProblemKind::missing_metadata, kMetadata, "add the file, or remove the rest of the flow's folder");
    }
    flow_.metadata_at = root_of(kMetadata);
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
    if (value.is(json::Type::string) && value.is_string(flow_.id)) return;
    problems_.push_back({ProblemKind::id_mismatch,
                         "`flowId` is " + printable(value.text().substr(0, 140)) + ", but the folder is named `" +
                             printable(flow_.id) + "`",
                         "the folder's name is the flow's id: rename the folder, or remove `flowId`",
                         value.document().name(), value.position(), flow_.id});
  }

  void take_contents() {
    if (by_name_.count(kContents) == 0) {
      report_missing(ProblemKind::missing_contents, kContents, "add the file, or remove the rest of the flow's folder");
    }
    flow_.contents = root_of(kContents);
  }

  /// In the list's order. Without a list that can be read nobody knows which screens there should be, so all are taken.
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
    const std::string name = item.is(json::Type::string) ? item.string() : std::string();
    if (!is_file_name(name)) {
      report_bad_name(item, printable(item.text().substr(0, 140)) + " can't be the name of a screen's file");
      flow_.complete = false;
      return;
    }
    if (!listed.insert(name).second) {
      report_bad_name(item, "`screens` names `" + printable(name) + "` twice");
      return;
    }
    const std::string file = std::string(kScreenPrefix) + name + std::string(kScreenSuffix);
    const auto found = by_name_.find(file);
    if (found == by_name_.end()) {
      flow_.complete = false;
      report_missing(ProblemKind::missing_screen, file,
                     "add the file, or take `" + printable(name) + "` out of `screens` in metadata.json");
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
    problems_.push_back({ProblemKind::bad_screen_name, std::move(message),
                         "`screens` lists every screen once: `welcome` for screen-welcome.json", at.document().name(),
                         at.position(), flow_.id});
  }

  void report_unlisted(std::size_t index) {
    const std::string name = printable(screen_name(files_.name(index)));
    problems_.push_back({ProblemKind::unlisted_screen,
                         "`screens` in metadata.json does not name `" + name + "`, so this screen is not deployed",
                         "add `" + name + "` to `screens`, or remove the file",
                         files_.path(index),
                         {},
                         flow_.id});
  }

  Files& files_;
  const Place& place_;
  std::vector<Problem>& problems_;
  Flow flow_;
  std::map<std::string_view, std::size_t> by_name_;
};

}  // namespace

std::string_view screen_name(std::string_view file_name) {
  const std::size_t around = kScreenPrefix.size() + kScreenSuffix.size();
  if (file_name.size() <= around || file_name.substr(0, kScreenPrefix.size()) != kScreenPrefix ||
      file_name.substr(file_name.size() - kScreenSuffix.size()) != kScreenSuffix) {
    return {};
  }
  return file_name.substr(kScreenPrefix.size(), file_name.size() - around);
}

bool is_snapshot_file(std::string_view name) {
  return name == kMetadata || name == kContents || !screen_name(name).empty();
}

std::string source_of(std::string_view path) {
  return std::string(is_snapshot_file(name_of(path)) ? folder_of(path) : path);
}

bool is_snapshot(Files& files, const Place& place) {
  if (place.kind != Place::Kind::folder || place.path.empty()) return false;
  const Parts parts = parts_of(files, place);
  if (place.known && (parts.metadata || parts.contents || parts.screen)) return true;
  if (!place.expected) {
    return parts.metadata && parts.contents && mentions(files, place, kContents, "\"startTask\"");
  }
  if (parts.screen || (parts.metadata && parts.contents)) return true;
  if (place.in_source) return parts.metadata || parts.contents;
  return mentions(files, place, kContents, "\"startTask\"") || mentions(files, place, kContents, "\"tasks\"") ||
         mentions(files, place, kMetadata, "\"screens\"");
}

Flow read_snapshot(Files& files, const Place& place, std::vector<Problem>& problems) {
  return Reader(files, place, problems).read();
}

}  // namespace flowship::flow
