"""Holds the XML of an answer against botocore's own model of the operation.

botocore's parser leaves out what it does not know and does not miss what is not there. Here each element
must be a member of its shape, each required member must be there, and each text must be of its type.
"""

import base64
import re
from urllib.parse import unquote
from xml.etree import ElementTree

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# AWS writes `Policy` and says so ("This data type can only have a value of Policy"); its model knows another word.
MODEL_ERRS = {"PermissionsBoundaryAttachmentType": "Policy"}
TEXT = {
    "boolean": lambda text: text in ("true", "false"),
    "integer": lambda text: re.fullmatch(r"-?\d+", text),
    "long": lambda text: re.fullmatch(r"-?\d+", text),
    "timestamp": TIME.fullmatch,
    "blob": lambda text: base64.b64decode(text, validate=True) is not None,
}


def faults(operation, body):
    """What is wrong with the body of a successful answer: places and reasons."""
    namespace = operation.metadata["xmlNamespace"] if "xmlNamespace" in operation.metadata else ""
    namespace = namespace or operation.service_model.metadata["xmlNamespace"]
    root = ElementTree.fromstring(body)
    found = []
    for element in root.iter():
        if not element.tag.startswith("{" + namespace + "}"):
            found.append(f"{element.tag} is not in {namespace}")
        element.tag = element.tag.rsplit("}", 1)[-1]
    if root.tag != operation.name + "Response":
        found.append(f"the root is {root.tag}")
    shape = operation.output_shape
    wanted = ["ResponseMetadata"] if shape is None else [operation.name + "Result", "ResponseMetadata"]
    if [child.tag for child in root] != wanted:
        found.append(f"the root holds {[child.tag for child in root]}, not {wanted}")
    if not (root.findtext("ResponseMetadata/RequestId") or ""):
        found.append("there is no request id")
    result = root.find(operation.name + "Result")
    if shape is not None and result is not None:
        walk(shape, result, operation.name, found)
    return found


def walk(shape, element, place, found):
    if shape.type_name == "structure":
        seen = set()
        for child in element:
            if child.tag in seen:
                found.append(f"{place}.{child.tag} is there twice")
            seen.add(child.tag)
            member = shape.members.get(child.tag)
            if member is None:
                found.append(f"{place}.{child.tag} is unknown to the model")
            else:
                walk(member, child, f"{place}.{child.tag}", found)
        found.extend(f"{place}.{name} is required and missing" for name in shape.required_members if name not in seen)
    elif shape.type_name == "list":
        for at, child in enumerate(element):
            if child.tag != "member":
                found.append(f"{place} holds a {child.tag}")
            walk(shape.member, child, f"{place}[{at}]", found)
    elif shape.type_name == "map":
        for child in element:
            if child.tag != "entry" or [part.tag for part in child] != ["key", "value"]:
                found.append(f"{place} holds no entries of key and value")
                continue
            walk(shape.key, child[0], f"{place}.key", found)
            walk(shape.value, child[1], f"{place}.{child[0].text}", found)
    else:
        scalar(shape, element, place, found)


def scalar(shape, element, place, found):
    text = element.text or ""
    if len(element):
        found.append(f"{place} has elements inside")
    if not TEXT.get(shape.type_name, lambda _: True)(text):
        found.append(f"{place}: `{text}` is no {shape.type_name}")
    known = getattr(shape, "enum", [])
    if known and text not in known and MODEL_ERRS.get(shape.name) != text:
        found.append(f"{place}: `{text}` is none of {known}")
    if shape.name == "policyDocumentType":
        text = unquote(text)
    if shape.type_name == "string" and shape.metadata.get("min", 0) > len(text):
        found.append(f"{place}: `{text}` is shorter than {shape.metadata['min']}")
    if shape.type_name == "string" and shape.metadata.get("max", len(text)) < len(text):
        found.append(f"{place}: `{text}` is longer than {shape.metadata['max']}")
