package main

//go:generate go tool oapi-codegen -config oapi-codegen-v2.yaml ../../../../openapi/dist/vision-ai-v2-3.0-codegen.json

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"

	"vision-ai-quickstart/build/visionaiv2"
)

// quickstartV2 is a picture, and a product from its first template to its deletion, with V2 of the API:
// go run . http://127.0.0.1:8172 v2
type quickstartV2 struct {
	module *visionaiv2.Client
	sid    string // of the template
}

func runV2(ctx context.Context, url string, client *http.Client) error {
	module, err := visionaiv2.NewClient(url, visionaiv2.WithHTTPClient(client))
	if err != nil {
		return err
	}
	q := &quickstartV2{module: module}
	steps := []func(context.Context) error{
		q.showDevice, q.takePicture, q.teach, q.recognize, q.deleteTemplate, q.causeError,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (q *quickstartV2) showDevice(ctx context.Context) error {
	info, err := readData[visionaiv2.DeviceInfo](q.module.GetDeviceInfo(ctx))
	if err != nil {
		return err
	}
	if info.Firmware == nil {
		return errors.New("the module did not return its firmware")
	}
	// The contract has no type for sn, because its values were not seen.
	fmt.Printf("device: firmware %s, serial number %v\n", *info.Firmware, info.Sn)
	return nil
}

func (q *quickstartV2) takePicture(ctx context.Context) error {
	jpeg, err := readBytes(q.module.GetImage(ctx))
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(jpeg, []byte{0xFF, 0xD8, 0xFF}) || !bytes.HasSuffix(jpeg, []byte{0xFF, 0xD9}) {
		return fmt.Errorf("%d bytes that are not a complete JPEG", len(jpeg))
	}
	if err := os.WriteFile("build/pan.jpg", jpeg, 0o644); err != nil {
		return err
	}
	fmt.Printf("picture: %d bytes, build/pan.jpg\n", len(jpeg))
	return nil
}

func (q *quickstartV2) teach(ctx context.Context) error {
	product := visionaiv2.AddItemTemplateRequest{Id: id}
	template, err := readData[visionaiv2.ItemTemplate](q.module.AddItemTemplate(ctx, product))
	if err != nil {
		return err
	}
	q.sid = template.Sid
	list := visionaiv2.GetItemTemplateListRequest{Id: id}
	templates, err := readData[[]string](q.module.GetItemTemplateList(ctx, list))
	if err != nil {
		return err
	}
	// This entry is no template (B3).
	templates = slices.DeleteFunc(templates, func(each string) bool { return each == "center" })
	if !slices.Contains(templates, q.sid) {
		return fmt.Errorf("the template %s is not among %v", q.sid, templates)
	}
	fmt.Printf("teaching: template %s, %d of product %s\n", q.sid, len(templates), id)
	return nil
}

func (q *quickstartV2) recognize(ctx context.Context) error {
	result, err := readData[visionaiv2.RecognitionResult](q.module.GetResult(ctx))
	if err != nil {
		return err
	}
	index := slices.IndexFunc(result.Items, func(guess visionaiv2.RecognizedItem) bool { return guess.Id == id })
	if index < 0 {
		return fmt.Errorf("%s is not among the guesses %v", id, result.Items)
	}
	fmt.Printf("recognition: product %s, score %.2f\n", id, result.Items[index].Score)
	return nil
}

func (q *quickstartV2) deleteTemplate(ctx context.Context) error {
	template := visionaiv2.DeleteItemTemplateRequest{Id: id, Sid: q.sid}
	if err := check(q.module.DeleteItemTemplate(ctx, template)); err != nil {
		return err
	}
	fmt.Printf("deletion: template %s\n", q.sid)
	return nil
}

func (q *quickstartV2) causeError(ctx context.Context) error {
	area := visionaiv2.SetCalibRequest{Left: 640, Top: 0, Width: 1280, Height: 720}
	err := check(q.module.SetCalib(ctx, area))
	var failure DeviceError
	if !errors.As(err, &failure) || visionaiv2.ErrorCode(failure.Code) != visionaiv2.PARAMETERERROR {
		return fmt.Errorf("an area beyond the picture was accepted: %v", err)
	}
	fmt.Printf("error: %d for an area beyond the picture\n", failure.Code)
	return nil
}
